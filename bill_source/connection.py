"""Trying out a credential: who it logs in as, and which lists it may read.

Here belongs: the check behind ``check_connection``. Not here: storing a connection
(orchestration) or reading data (sync.py).
"""

from concurrent.futures import ThreadPoolExecutor

from bill_source.client import BillClient
from bill_source.entities import ENTITIES, Entity
from bill_source.errors import BillForbiddenError
from bill_source.limiter import MOST_IN_FLIGHT
from bill_source.report import ConnectionReport
from bill_source.settings import BillCredentials


def check(credentials: BillCredentials) -> ConnectionReport:
    """Log in and ask every list for one row."""
    with BillClient(credentials) as client:
        session = client.session

        def is_readable(entity: Entity) -> bool:
            try:
                next(client.pages(entity, size=1))
            except BillForbiddenError:
                return False
            return True

        with ThreadPoolExecutor(MOST_IN_FLIGHT) as pool:
            answers = list(pool.map(is_readable, ENTITIES))
    found = list(zip(ENTITIES, answers, strict=True))
    return ConnectionReport(
        organization_id=credentials.organization_id,
        user_id=session.user_id,
        readable=tuple(entity.table for entity, readable in found if readable),
        unreadable=tuple(entity.table for entity, readable in found if not readable),
    )
