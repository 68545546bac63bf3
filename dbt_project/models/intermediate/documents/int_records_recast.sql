-- When something else than a record, or a decision about it, changed what the ledger
-- makes of it: settings, rules, who is one party, a party's currency, what BILL says of
-- accounts and transfers, that it shows whom an entry waited for. Only asked where a
-- period is locked.
with
    documents as (
        select distinct versioned.org_id, versioned.record_key, versioned.party_key
        from {{ ref("int_records_versioned") }} as versioned
        where
            exists (
                select 1
                from {{ ref("int_snapshots") }} as locked
                where locked.org_id = versioned.org_id and not locked.is_current
            )
    ),

    -- A party's currency decides in which money its documents are.
    currencies as (
        select
            org_id,
            'vendor:' || vendor_id as party_key,
            synced_at,
            coalesce(currency, '') as currency,
            lag(coalesce(currency, '')) over (
                partition by org_id, vendor_id order by version
            ) as currency_before
        from {{ ref("stg_bill__vendors") }}
        union all
        select
            org_id,
            'customer:' || customer_id as party_key,
            synced_at,
            coalesce(currency, '') as currency,
            lag(coalesce(currency, '')) over (
                partition by org_id, customer_id order by version
            ) as currency_before
        from {{ ref("stg_bill__customers") }}
    ),

    party_rules as (
        select distinct org_id
        from {{ ref("stg_decisions__category_rules") }}
        where coalesce(party_id, party_name) is not null
    ),

    placed as (
        select
            answers.*,
            answers.source_entity || ':' || answers.source_id as party_key,
            lag(answers.party_id) over (
                partition by answers.org_id, answers.source_entity, answers.source_id
                order by answers.change_id
            ) as party_before
        from {{ ref("stg_decisions__party_answers") }} as answers
        inner join party_rules on answers.org_id = party_rules.org_id
    ),

    joined_or_left as (
        select org_id, party_id, decided_at as changed_at
        from placed
        union
        select org_id, party_before as party_id, decided_at as changed_at
        from placed
        where party_before is not null
    ),

    -- What a rule says of a party it says of all that were ever in it.
    by_party as (
        select org_id, party_key, synced_at as changed_at
        from currencies
        where currency_before <> currency
        union
        select placed.org_id, placed.party_key, joined_or_left.changed_at
        from joined_or_left
        inner join
            placed
            on joined_or_left.org_id = placed.org_id
            and joined_or_left.party_id = placed.party_id
    ),

    -- What may reach any document. The resolver has yet to say what it makes of the
    -- vendors and customers that changed in this run.
    reaching_far as (
        select org_id, effective_at as changed_at
        from {{ ref("stg_decisions__category_rules") }}
        union
        select later.org_id, later.effective_at as changed_at
        from {{ ref("stg_settings__settings_versions") }} as later
        inner join
            {{ ref("stg_settings__settings_versions") }} as earlier
            on later.org_id = earlier.org_id
            and later.version_id > earlier.version_id
        union
        select overrides.org_id, overrides.effective_at as changed_at
        from {{ ref("stg_decisions__party_overrides") }} as overrides
        inner join party_rules on overrides.org_id = party_rules.org_id
        union
        select settings.org_id, settings.as_of as changed_at
        from {{ ref("int_connection_settings_dated") }} as settings
        inner join party_rules on settings.org_id = party_rules.org_id
        where
            exists (
                select 1
                from {{ ref("stg_bill__vendors") }} as vendors
                where
                    vendors.org_id = settings.org_id
                    and vendors.synced_at = settings.as_of
            )
            or exists (
                select 1
                from {{ ref("stg_bill__customers") }} as customers
                where
                    customers.org_id = settings.org_id
                    and customers.synced_at = settings.as_of
            )
    )

select documents.org_id, documents.record_key, by_party.changed_at
from documents
inner join
    by_party
    on documents.org_id = by_party.org_id
    and documents.party_key = by_party.party_key
union
select documents.org_id, documents.record_key, reaching_far.changed_at
from documents
inner join reaching_far on documents.org_id = reaching_far.org_id
union
select documents.org_id, documents.record_key, transfers.changed_at
from documents
inner join
    {{ ref("int_transfers_recast") }} as transfers
    on documents.org_id = transfers.org_id
    and documents.record_key = transfers.record_key
union
select
    entries.org_id,
    {{ record_key("manual", "entries.entry_id") }} as record_key,
    awaited.known_at as changed_at
from {{ ref("stg_decisions__manual_entries") }} as entries
inner join
    {{ ref("int_parties_awaited") }} as awaited
    on entries.org_id = awaited.org_id
    and entries.party_id = awaited.source_id
