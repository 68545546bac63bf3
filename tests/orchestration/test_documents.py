"""Every command of the pages that ends by itself, run as it stands there."""

import re
import shlex
from pathlib import Path

import pytest
from shell import Shell

from bill_source.sandbox import SandboxServer
from orchestration.settings import PROJECT

PAGES = ["README.md", *sorted(str(path) for path in (PROJECT / "docs").glob("*.md"))]
COMMAND = re.compile(r"^\.venv/bin/bill-ledger (.*)$", flags=re.MULTILINE)
TABLE = re.compile(r"^```csv\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)
FILES = {"opening.csv": "docs/connect.md", "overrides.csv": "docs/review.md"}
STAYS = re.compile(r"app.*|ui|webhook.*|sandbox.*")
"""Commands that serve until they are ended, or ask a person; they have own tests."""


def commands() -> list[str]:
    """Return each command once, in the order of the pages, disconnecting last."""
    texts = [(PROJECT / page).read_text(encoding="utf-8") for page in PAGES]
    found = [line for text in texts for line in COMMAND.findall(text)]
    own = [re.sub(r"\bdemo\b(?!\.)", "acme", line) for line in found]
    once = [line for line in dict.fromkeys(own) if not STAYS.fullmatch(line)]
    return sorted(once, key=lambda line: line.startswith("disconnect"))


def write_files(folder: Path) -> None:
    """Write the files that commands read, as the pages show them."""
    shown = {
        name: TABLE.findall((PROJECT / page).read_text(encoding="utf-8"))[0]
        for name, page in FILES.items()
    }
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    locked = re.findall(r"printf '(.*)' > lock.csv", readme)
    shown["lock.csv"] = locked[0].replace("\\n", "\n")
    for name, text in shown.items():
        (folder / name).write_text(text, encoding="utf-8")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_command_of_the_pages_does_what_it_says(
    synced_alone: Shell, bill: SandboxServer
) -> None:
    """With this company's names in it, each ends well."""
    write_files(synced_alone.folder)
    secrets = {
        "BILL_TOKEN_PASSWORD": bill.token_password,
        "BILL_DEV_KEY": bill.dev_key,
        "BILL_SPEND_TOKEN": "spend",
    }
    asked = commands()
    assert len(asked) > 15

    for line in asked:
        words = shlex.split(
            line.replace("008...", bill.organization_id).replace(
                "--token-name nightly",
                f"--token-name {bill.token_name} --api-url {bill.api_url}",
            )
        )
        done = synced_alone.run(*words, **secrets)
        assert done.returncode == 0, f"{line}: {done.stderr or done.stdout}"
    assert not synced_alone.home.connection("acme").path.exists()
