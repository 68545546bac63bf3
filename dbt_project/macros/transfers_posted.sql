{#
    Money between a clearing account and the bank, as the bank sees it: one entry per
    account, day and currency, or one per payment where the organization asked for that.
    Each payment brings its share of the bank's line; postings_standing sums them up.
    `event` is out, back, in or in_back.
#}
{% macro transfers_posted(event) %}
    with
        movements as (
            select * from {{ ref("int_transfers_dated") }} where event = '{{ event }}'
        ),

        lines as (
            select
                movements.*,
                'bank' as role,
                account_key as line_reference,
                bank_account as account_number,
                cast(null as {{ dbt.type_string() }}) as item_type,
                cast(null as {{ dbt.type_string() }}) as item_id,
                0 as line_order,
                bank_sign * amount as line_amount
            from movements
            union all
            select
                movements.*,
                'clearing' as role,
                document_id as line_reference,
                clearing_account as account_number,
                document_type as item_type,
                document_id as item_id,
                1 as line_order,
                - bank_sign * amount as line_amount
            from movements
        )

    select
        {{
            posting(
                snapshot_id="snapshot_id",
                entry_key="entry_key",
                entry_type="'transfer'",
                source_entity="'transfer'",
                source_id="account_key",
                memo="'Transfer through BILL'",
                role="role",
                line_reference="line_reference",
                account_number="account_number",
                document_type="item_type",
                document_id="item_id",
                description="'Transfer through BILL'",
                category_source="'system'",
                line_order="line_order",
                amount="line_amount",
                entry_date="movement_date",
                source_changed_at="synced_at",
                member_entity="document_type",
                member_id="document_id",
            )
        }}
    from lines
{% endmacro %}

{#
    What each posted payment moves between clearing and bank, on the given day. Money
    of a payment sent anew stays with BILL: neither the old one's return nor the new
    one's withdrawal moves it, so those named in `reissue_column` are left out.
#}
{% macro payment_movements(date_column, condition, reissue_column) %}
    select
        payments.snapshot_id,
        coalesce(
            nullif(payments.funding_account_id, ''),
            nullif(payments.funding_account_type, ''),
            'default'
        ) as account_key,
        payments.bank_account,
        case
            when coalesce(organizations.is_individual_transfer_out, false)
            then payments.payment_id
            when payments.is_foreign
            then payments.currency
        end as key_part,
        'payment' as document_type,
        payments.payment_id as document_id,
        - posted.amount as amount,
        payments.{{ date_column }} as movement_date,
        payments.synced_at
    from {{ ref("int_payments_known") }} as payments
    inner join
        {{ ref("int_payments_posted") }} as posted
        on payments.snapshot_id = posted.snapshot_id
        and payments.payment_id = posted.source_id
        and posted.role = 'cash'
    left join
        {{ ref("int_organizations_known") }} as organizations
        on payments.snapshot_id = organizations.snapshot_id
    where
        {{ condition }}
        and not exists (
            select 1
            from {{ ref("int_payments_reissued") }} as reissued
            where
                reissued.snapshot_id = payments.snapshot_id
                and reissued.{{ reissue_column }} = payments.payment_id
        )
{% endmacro %}

{# What each posted receipt moves between clearing and bank, on the given day. #}
{% macro receipt_movements(date_column, condition) %}
    select
        receipts.snapshot_id,
        coalesce(
            nullif(receipts.receivables_account_id, ''),
            nullif(receipts.receivables_account_type, ''),
            'default'
        ) as account_key,
        receipts.bank_account,
        case
            when coalesce(organizations.is_individual_transfer_in, false)
            then receipts.receipt_id
            when receipts.is_foreign
            then receipts.currency
        end as key_part,
        'receipt' as document_type,
        receipts.receipt_id as document_id,
        posted.amount,
        receipts.{{ date_column }} as movement_date,
        receipts.synced_at
    from {{ ref("int_receipts_known") }} as receipts
    inner join
        {{ ref("int_receipts_posted") }} as posted
        on receipts.snapshot_id = posted.snapshot_id
        and receipts.receipt_id = posted.source_id
        and posted.role = 'cash'
    left join
        {{ ref("int_organizations_known") }} as organizations
        on receipts.snapshot_id = organizations.snapshot_id
    where {{ condition }}
{% endmacro %}
