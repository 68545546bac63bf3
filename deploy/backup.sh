#!/usr/bin/env bash
# Copies all that cannot be made again into FOLDER/<instant>, while everything runs.
#
#   BILL_LEDGER_HOME=/var/lib/bill-ledger deploy/backup.sh /var/backups/bill-ledger [SECONDS]
#
# A connection's files are copied under its run lock, so between two runs; a run that
# wants to start meanwhile waits. The lock is shared, so a backup is not shown as a run.
# The warehouse is left out: it is made anew from exports.
# A connection that stays busy for SECONDS (four hours), or cannot be copied, is left out:
# the others are in the backup, and the status is 1 with its name on stderr.
set -euo pipefail
umask 077

: "${BILL_LEDGER_HOME:?is not set}"
target=${1:?usage: backup.sh FOLDER [SECONDS]}
wait=${2:-14400}
python=$(cd "$(dirname "$0")/.." && pwd)/.venv/bin/python
mkdir -p "$target"
target=$(cd "$target" && pwd)
work=$(mktemp -d "$target/.unfinished.XXXXXX")
trap 'rm -rf "$work"' EXIT

copy_store='
import sqlite3, sys
try:
    with sqlite3.connect(sys.argv[1], timeout=60) as store, sqlite3.connect(sys.argv[2]) as copy:
        store.backup(copy)
except sqlite3.Error as error:
    sys.exit(f"Copying {sys.argv[1]}: SQLite says: {error}.")
'

# Copies one connection; the caller asks for its status, so `set -e` is off in here.
copy_connection() {
    mkdir "$work/$1" || return 1
    (
        flock --shared --wait "$wait" 9 || { echo "A run of $1 did not end in $wait seconds." >&2; exit 1; }
        for file in ledger.duckdb exports model sandbox.json; do
            if [ -e "$1/$file" ]; then cp -a "$1/$file" "$work/$1/" || exit 1; fi
        done
        "$python" -c "$copy_store" "$1/store.sqlite" "$work/$1/store.sqlite"
    ) 9>>"$1/run.lock"
}

cd "$BILL_LEDGER_HOME"
left_out=()
for store in */store.sqlite; do
    [ -e "$store" ] || continue
    name=${store%/store.sqlite}
    copy_connection "$name" || { left_out+=("$name"); rm -rf "${work:?}/$name"; }
done
for file in connections.toml secrets.toml; do
    if [ -e "$file" ]; then cp -a "$file" "$work/"; fi
done

done=$target/$(date -u +%Y-%m-%dT%H%M%SZ)
mv "$work" "$done"
trap - EXIT
echo "$done"
if [ ${#left_out[@]} -gt 0 ]; then
    echo "Not in this backup: ${left_out[*]}. Keep an older one that has them." >&2
    exit 1
fi
