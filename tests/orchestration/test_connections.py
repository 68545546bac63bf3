"""The registry keeps connections and their secrets apart, and survives bad files."""

from dataclasses import replace
from pathlib import Path

import pytest

from orchestration.connections import Connection, Credentials, Registry
from orchestration.failures import UsageError
from orchestration.setting_checks import check_currency, check_name
from orchestration.settings import Home

ACME = Connection(
    "acme",
    "00801AAAAAAAAAA00001",
    timezone="America/New_York",
    ledger_start_date="2026-01-01",
    learn_from_bill_coding=True,
)
SECRET = Credentials("nightly", "pass-word-1", "dev-key-1")


def test_a_saved_connection_comes_back_whole(home: Home) -> None:
    """What was stored is what is read, defaults included."""
    registry = Registry(home)
    registry.save(ACME, SECRET)

    assert registry.names() == ["acme"]
    assert registry.get("acme") == ACME
    assert registry.credentials("acme") == SECRET


def test_secrets_are_only_in_a_file_of_their_owner(home: Home) -> None:
    """connections.toml names no secret; secrets.toml is mode 0600."""
    Registry(home).save(ACME, SECRET)

    public = home.connections.read_text()
    assert "pass-word-1" not in public
    assert "dev-key-1" not in public
    assert home.secrets.stat().st_mode & 0o777 == 0o600
    assert "pass-word-1" not in repr(SECRET)


def test_saving_one_connection_keeps_the_others(home: Home) -> None:
    """The file is replaced whole, with every table in it."""
    registry = Registry(home)
    registry.save(ACME, SECRET)
    registry.save(Connection("beta", "00802BBBBBBBBBB00002"), SECRET)

    assert registry.names() == ["acme", "beta"]
    assert registry.get("acme") == ACME


def test_variables_win_over_the_file(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """BILL_<NAME>_... replaces its part of the stored credential."""
    registry = Registry(home)
    registry.save(Connection("acme-uk", "00801AAAAAAAAAA00001"), SECRET)
    monkeypatch.setenv("BILL_ACME_UK_TOKEN_PASSWORD", "from-outside")

    assert registry.credentials("acme-uk") == Credentials(
        "nightly", "from-outside", "dev-key-1"
    )


@pytest.mark.parametrize(
    "text",
    [
        "this is = = not toml",
        "[acme]\norganization_id = 7",
        '[acme]\norganization_id = "1"\ncolour = "red"',
        "acme = 3",
        '[acme]\norganization_id = "1"\ntimezone = "Mars/Olympus"',
        '[acme]\norganization_id = "1"\nledger_start_date = "Marsday"',
        '[acme]\norganization_id = "1"\nlearn_from_bill_coding = "yes"',
        '[acme]\norganization_id = "1"\nhome_currency = "dollars"',
        '[acme]\norganization_id = "1"\ninclude = "spend"',
        '[acme]\ntimezone = "America/New_York"',
    ],
)
def test_a_malformed_file_is_refused_by_name(home: Home, text: str) -> None:
    """The message names file and table, and the file stays as it was."""
    home.create()
    home.connections.write_text(text)

    with pytest.raises(UsageError, match=r"connections\.toml"):
        Registry(home).get("acme")
    assert home.connections.read_text() == text


def test_a_malformed_secret_is_never_shown(home: Home) -> None:
    """A broken secrets.toml is refused without its content."""
    home.create()
    home.secrets.write_text('[acme]\ntoken_password = "hidden-value" oops')

    with pytest.raises(UsageError) as refused:
        Registry(home).credentials("acme")
    assert "hidden-value" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_an_unknown_name_lists_the_known_ones(home: Home) -> None:
    """The message says which connections there are."""
    Registry(home).save(ACME, SECRET)

    with pytest.raises(UsageError, match="there are: acme"):
        Registry(home).get("acne")


def test_an_unknown_setting_says_which_and_what_to_do(home: Home) -> None:
    """A newer version may have written it."""
    home.create()
    home.connections.write_text('[acme]\norganization_id = "1"\ncolour = "red"')

    with pytest.raises(
        UsageError, match=r"\[acme\]: There is no setting colour\."
    ) as bad:
        Registry(home).get("acme")
    assert "install that version again; else remove it" in str(bad.value)


@pytest.mark.parametrize("text", ["XX", "dollars", "US$", "U D", "ÄÖÜ", "", "12"])
def test_a_currency_that_is_no_three_letters_is_refused(text: str) -> None:
    """With an example."""
    with pytest.raises(UsageError, match="like USD"):
        check_currency(text)


def test_a_currency_is_kept_as_iso_writes_it(home: Home) -> None:
    """Blanks and small letters are a person's; one stored before is read so too."""
    assert check_currency(" usd ") == "USD"
    Registry(home).save(replace(ACME, home_currency="eur "), SECRET)
    assert Registry(home).get("acme").home_currency == "EUR"


def test_no_connection_may_be_called_like_a_file_of_the_home(home: Home) -> None:
    """Each path that the home folder has for itself is a reserved name."""
    paths = [
        getattr(home, name)
        for name, part in vars(Home).items()
        if isinstance(part, property)
    ]
    own = {path.name.split(".")[0] for path in paths if path.parent == home.path}

    assert "app_password" in own
    for name in own:
        with pytest.raises(UsageError, match=name):
            check_name(name)


@pytest.mark.parametrize("name", ["", "Acme", "a/b", "..", "dagster", "x" * 64, "é"])
def test_a_name_that_cannot_be_a_folder_is_refused(name: str) -> None:
    """Names become folders, partitions and variables."""
    with pytest.raises(UsageError):
        check_name(name)


def test_a_home_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    """A file where the folder should be is a clear error."""
    (tmp_path / "taken").write_text("")

    with pytest.raises(UsageError, match="BILL_LEDGER_HOME"):
        Home(tmp_path / "taken" / "home").create()
