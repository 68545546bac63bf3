-- Since when each flag has held without a break: since the version of its record from
-- which on the record says what raises the flag as it does now; a new text or due date
-- begins nothing anew. Flags that lines or other records raise begin with the newest.
{{ config(materialized="view") }}
{%- set gone = "versions.is_archived" -%}
{%- set inactive = "versions.is_archived or versions.record_status = 'INACTIVE'" -%}
{%- set unapproved -%}
    coalesce(versions.record_status, '') not in ('DRAFT', 'DRAFT_DELETED')
    and coalesce(versions.approval_status, 'UNDEFINED')
    not in ('APPROVED', 'UNASSIGNED')
{%- endset -%}
{%- set bill_rates -%}
    {{ joined_key(["versions.amount", "versions.funding_amount", "versions.exchange_rate"]) }}
{%- endset -%}
{%- set payment_status -%}
    {{ joined_key(["versions.single_status", "versions.status"]) }}
{%- endset -%}
{%- set returned -%}
    {{ normalised_status("versions.single_status") }} in (
        select states.status
        from {{ ref("payment_states") }} as states
        where states.flag = 'returned_not_voided'
    )
{%- endset -%}
{%- set kinds = [
    {
        "type": "bill",
        "model": "stg_bill__bills",
        "key": "bill_id",
        "raised_by": {
            "posted_unapproved": unapproved,
            "archived_with_payments": inactive,
            "fx_inconsistent": bill_rates,
            "fx_rate_missing": bill_rates,
            "bill_credit_without_document": "versions.credit_amount",
            "unknown_value": joined_key(
                [
                    "versions.record_status",
                    "versions.approval_status",
                    "versions.payment_status",
                ]
            ),
            "unexplained_settlement": joined_key(
                [
                    "versions.amount",
                    "versions.due_amount",
                    "versions.payment_status",
                ]
            ),
            "possible_duplicate": joined_key(
                [
                    "versions.vendor_id",
                    "versions.invoice_number",
                    "versions.invoice_date",
                    "versions.amount",
                ]
            ),
        },
    },
    {
        "type": "vendor_credit",
        "model": "stg_bill__vendor_credits",
        "key": "vendor_credit_id",
        "raised_by": {"archived_with_payments": gone},
    },
    {
        "type": "invoice",
        "model": "stg_bill__invoices",
        "key": "invoice_id",
        "raised_by": {
            "archived_with_payments": inactive,
            "fx_rate_missing": "versions.exchange_rate",
            "unknown_value": joined_key(
                ["versions.record_status", "versions.status"]
            ),
            "bill_credit_without_document": "versions.credit_amount",
        },
    },
    {
        "type": "credit_memo",
        "model": "stg_bill__credit_memos",
        "key": "credit_memo_id",
        "raised_by": {"archived_with_payments": gone},
    },
    {
        "type": "payment",
        "model": "stg_bill__payments",
        "key": "payment_id",
        "raised_by": {
            "returned_not_voided": returned,
            "unknown_value": payment_status,
        },
    },
    {
        "type": "receipt",
        "model": "stg_bill__receivable_payments",
        "key": "receivable_payment_id",
        "raised_by": {"unknown_value": "versions.status"},
    },
] -%}
with
    said as (
        {%- for kind in kinds %}
            {% if not loop.first %}
                union all
            {% endif %}
            select
                flags.org_id,
                flags.document_type,
                flags.document_id,
                flags.flag,
                versions.version,
                versions.synced_at,
                case
                    {%- for flag, raised_by in kind.raised_by.items() %}
                        when flags.flag = '{{ flag }}'
                        then
                            coalesce(
                                cast({{ raised_by }} as {{ dbt.type_string() }}), '-'
                            )
                    {%- endfor %}
                    else cast(versions.version as {{ dbt.type_string() }})
                end as said
            from {{ ref("int_flags_raised") }} as flags
            inner join
                {{ ref(kind.model) }} as versions
                on flags.org_id = versions.org_id
                and flags.document_id = versions.{{ kind.key }}
            inner join
                {{ ref("int_connection_settings_dated") }} as settings
                on versions.org_id = settings.org_id
                and versions.synced_at <= settings.as_of
            where flags.document_type = '{{ kind.type }}'
        {%- endfor %}
    ),

    compared as (
        select
            said.*,
            lag(said) over (
                partition by org_id, document_type, document_id, flag order by version
            ) as said_before
        from said
    )

select org_id, document_type, document_id, flag, max(synced_at) as first_seen
from compared
where said_before is null or said <> said_before
group by org_id, document_type, document_id, flag
