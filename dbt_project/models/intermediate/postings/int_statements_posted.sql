-- BILL's fees: what its statement charges, and its payment from the default bank.
{{ config(materialized="view") }}
with
    statements as (
        select
            statements.*,
            snapshots.home_currency,
            coalesce(defaults.account_number, '1010') as bank_account
        from {{ ref("int_statements_known") }} as statements
        inner join
            {{ ref("int_snapshots") }} as snapshots
            on statements.snapshot_id = snapshots.snapshot_id
        left join
            {{ ref("int_bank_accounts_mapped") }} as defaults
            on statements.snapshot_id = defaults.snapshot_id
            and defaults.source_entity = 'default'
            and defaults.source_id = 'payables'
        where statements.not_posted_reason is null
    ),

    lines as (
        select
            statements.*,
            '' as event,
            'control' as role,
            '2000' as account_number,
            0 as line_order,
            - amount as line_amount,
            statement_date as entry_date
        from statements
        union all
        select
            statements.*,
            '' as event,
            'fee' as role,
            '6430' as account_number,
            1 as line_order,
            amount as line_amount,
            statement_date as entry_date
        from statements
        union all
        select
            statements.*,
            '|pay' as event,
            'cash' as role,
            bank_account as account_number,
            0 as line_order,
            - amount as line_amount,
            paid_on as entry_date
        from statements
        where paid_on is not null
        union all
        select
            statements.*,
            '|pay' as event,
            'application' as role,
            '2000' as account_number,
            1 as line_order,
            amount as line_amount,
            paid_on as entry_date
        from statements
        where paid_on is not null
    )

select
    {{
        posting(
            snapshot_id="snapshot_id",
            entry_key="snapshot_id || '|statement|' || statement_id || event",
            entry_type="'fee'",
            source_entity="'statement'",
            source_id="statement_id",
            source_number="statement_number",
            memo="description",
            role="role",
            line_reference="statement_id",
            account_number="account_number",
            document_type="'statement'",
            document_id="statement_id",
            entry_party_id="'BILL'",
            source_party_id="'BILL'",
            local_currency="home_currency",
            description="description",
            category_source="'system'",
            line_order="line_order",
            amount="line_amount",
            local_amount="line_amount",
            entry_date="entry_date",
            source_changed_at="synced_at",
        )
    }}
from lines
