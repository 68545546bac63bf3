#!/usr/bin/env bash
# Copies all that cannot be made again into FOLDER/<instant>, while everything runs.
#
#   BILL_LEDGER_HOME=/var/lib/bill-ledger deploy/backup.sh /var/backups/bill-ledger
#
# A connection's files are copied under its run lock, so between two runs; a run that
# wants to start meanwhile waits. The warehouse is left out: it is made anew from exports.
set -euo pipefail
umask 077

: "${BILL_LEDGER_HOME:?is not set}"
target=${1:?usage: backup.sh FOLDER}
python=$(cd "$(dirname "$0")/.." && pwd)/.venv/bin/python
mkdir -p "$target"
work=$(mktemp -d "$target/.unfinished.XXXXXX")
trap 'rm -rf "$work"' EXIT

copy_store='
import sqlite3, sys
with sqlite3.connect(sys.argv[1], timeout=60) as store, sqlite3.connect(sys.argv[2]) as copy:
    store.backup(copy)
'

cd "$BILL_LEDGER_HOME"
for store in */store.sqlite; do
    [ -e "$store" ] || continue
    name=${store%/store.sqlite}
    mkdir "$work/$name"
    (
        flock --wait 14400 9 || { echo "A run of $name did not end in four hours." >&2; exit 1; }
        for file in ledger.duckdb exports model sandbox.json; do
            if [ -e "$name/$file" ]; then cp -a "$name/$file" "$work/$name/"; fi
        done
        "$python" -c "$copy_store" "$store" "$work/$name/store.sqlite"
    ) 9>>"$name/run.lock"
done
for file in connections.toml secrets.toml; do
    if [ -e "$file" ]; then cp -a "$file" "$work/"; fi
done

done=$target/$(date -u +%Y-%m-%dT%H%M%SZ)
mv "$work" "$done"
trap - EXIT
echo "$done"
