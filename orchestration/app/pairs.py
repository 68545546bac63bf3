"""Pairs that may be one: parties that look alike, bills that may have come twice.

Here belongs: the queries of page Parties & duplicates. Not here: how pairs are found
(models, dbt_project), how they look (pages/parties.py).

A pair that a waiting decision is about is left out: it is done.
"""

from collections.abc import Sequence
from typing import Any

from orchestration.app.deciding import Waiting
from orchestration.app.published import ask, records
from orchestration.settings import ConnectionFolder

MOST = 500
PARTIES = """
with
    documents as (
        select source_party_id, amount_home, bill_date as document_date from bills
        union all
        select source_party_id, amount_home, invoice_date from invoices
    ),

    sums as (
        select
            source_party_id,
            count(*) as documents,
            sum(amount_home) as amount,
            max(document_date) as last_date
        from documents
        group by source_party_id
    )

select
    pairs.source_entity,
    pairs.source_id,
    pairs.raw_name,
    ones.documents,
    ones.amount,
    ones.last_date,
    pairs.other_entity,
    pairs.other_id,
    pairs.other_raw_name,
    others.documents as other_documents,
    others.amount as other_amount,
    others.last_date as other_last_date,
    pairs.why,
    pairs.score
from party_suggestions as pairs
left join sums as ones on ones.source_party_id = pairs.source_id
left join sums as others on others.source_party_id = pairs.other_id
where not list_contains(cast(? as varchar[]), pairs.source_id || ' ' || pairs.other_id)
order by
    coalesce(ones.amount, 0) + coalesce(others.amount, 0) desc,
    pairs.source_id,
    pairs.other_id
limit ?
"""
BILLS = r"""
with
    suspected as (
        select
            document_id as bill_id,
            regexp_extract(
                message, '\(([^,()]+), (exact|near|amount_only)\)', 1
            ) as other_id,
            regexp_extract(
                message, '\(([^,()]+), (exact|near|amount_only)\)', 2
            ) as tier
        from data_quality
        where check_name = 'possible_duplicate' and resolved_at is null
    ),

    pairs as (
        select
            least(bill_id, other_id) as bill_id,
            greatest(bill_id, other_id) as other_id,
            min(tier) as tier
        from suspected
        group by all
    )

select
    pairs.tier,
    parties.display_name as party_name,
    ones.bill_id,
    ones.number,
    ones.bill_date,
    ones.amount,
    ones.status,
    others.bill_id as other_id,
    others.number as other_number,
    others.bill_date as other_date,
    others.status as other_status
from pairs
inner join bills as ones on ones.bill_id = pairs.bill_id
inner join bills as others on others.bill_id = pairs.other_id
left join parties on parties.party_id = ones.party_id
where not list_has_any(cast(? as varchar[]), [ones.bill_id, others.bill_id])
order by ones.amount_home desc, ones.bill_id, others.bill_id
limit ?
"""


def alike(folder: ConnectionFolder, waiting: Sequence[Waiting]) -> list[dict[str, Any]]:
    """Return the pairs of parties that may be one, most money first."""
    done = [
        f"{one} {other}"
        for decision in waiting
        if decision.kind == "party_overrides"
        for _, one, _, other in [decision.target, _turned(decision.target)]
    ]
    return records(ask(PARTIES, (done, MOST), folder=folder))


def twice(folder: ConnectionFolder, waiting: Sequence[Waiting]) -> list[dict[str, Any]]:
    """Return the pairs of bills that may be one, most money first."""
    done = [
        one.target[1] for one in waiting if one.kind == "exclusions" and not one.is_undo
    ]
    return records(ask(BILLS, (done, MOST), folder=folder))


def _turned(target: tuple[str, ...]) -> tuple[str, ...]:
    entity, key, other_entity, other = target
    return other_entity, other, entity, key
