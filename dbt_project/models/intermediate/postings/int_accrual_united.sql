-- Every posting of every event on accrual basis, as each snapshot has it.
{%- set events = [
    "int_bills_posted",
    "int_vendor_credits_posted",
    "int_vendor_credits_used_posted",
    "int_bill_discounts_posted",
    "int_bill_shortfalls_posted",
    "int_invoice_discounts_posted",
    "int_payments_posted",
    "int_payments_reversed_posted",
    "int_withdrawals_posted",
    "int_withdrawals_returned_posted",
    "int_invoices_posted",
    "int_credit_memos_posted",
    "int_credit_memos_used_posted",
    "int_receipts_posted",
    "int_receipts_applied_posted",
    "int_receipts_reversed_posted",
    "int_deposits_posted",
    "int_deposits_returned_posted",
    "int_settlements_decided_posted",
    "int_statements_posted",
    "int_manual_entries_posted",
] %}
with
    postings as (
        {% for event in events -%}
            select *
            from {{ ref(event) }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    )

    {{
        postings_spanned(
            "postings",
            entry_key="snapshots.org_id || substr(postings.entry_key, length(postings.snapshot_id) + 1)",
        )
    }}
