"""The demo connection: the bundled company, one day older each time.

Here belongs: registering it and moving it on. Not here: starting its BILL
(bundled.py), what is printed (showing.py).
"""

from datetime import UTC, datetime

from orchestration.bundled import live_on, running
from orchestration.connections import Connection, Registry
from orchestration.disconnecting import known_connection
from orchestration.failures import UsageError
from orchestration.settings import Home
from orchestration.store import Store

NAME = "demo"
USUAL_SEED, USUAL_MONTHS = 1, 24


def live_a_day(home: Home, *, seed: int | None, months: int | None) -> bool:
    """Register the demo company, or let a night pass for the registered one.

    Args:
        home: Where state is kept.
        seed: Which company; the registered one if None, else the usual one.
        months: How much history it has; the same.

    Returns:
        Whether the company is new.

    Raises:
        UsageError: A connection of this name is not the bundled company, or is one
            with another seed or history.
    """
    registry, folder = Registry(home), home.connection(NAME)
    if NAME in registry.names():
        _check_same(registry.get(NAME), seed, months)
        is_new = Store(folder.store).state().last_success is None
        if not is_new:
            live_on(folder)
        return is_new
    company = known_connection(home, NAME) or _new_company(
        USUAL_SEED if seed is None else seed,
        USUAL_MONTHS if months is None else months,
    )
    _check_same(company, seed, months)
    with running(company, folder) as bill:
        fields = {**vars(company), "organization_id": bill.organization_id}
        registry.save(Connection(**fields), bill.credentials)
    return True


def _new_company(seed: int, months: int) -> Connection:
    return Connection(
        NAME,
        organization_id="",
        api_url="bundled sandbox",
        sandbox_seed=seed,
        sandbox_months=months,
        sandbox_first_day=datetime.now(UTC).replace(microsecond=0).isoformat(),
    )


def _check_same(company: Connection, seed: int | None, months: int | None) -> None:
    if not company.is_bundled:
        raise UsageError(
            f"The connection named {NAME} is a real one, so the demo leaves it alone."
            " Use another home folder for the demo: BILL_LEDGER_HOME=/some/folder."
        )
    known = (company.sandbox_seed, company.sandbox_months)
    if any(a not in (None, b) for a, b in zip((seed, months), known, strict=True)):
        raise UsageError(
            f"The demo company here has seed {company.sandbox_seed} and"
            f" {company.sandbox_months} months. Run the demo with"
            f" --seed {company.sandbox_seed} --months {company.sandbox_months}, or in"
            " another home folder: BILL_LEDGER_HOME=/some/folder."
        )
