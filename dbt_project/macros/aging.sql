{#
    The open items of a control account at every month end and now, by age. `sign` is 1
    for receivables, -1 for payables; documents of `dated_type` age from their due date,
    BILL's own invoices from the day they post; everything else, and what we owe them, is
    unapplied.
#}
{% macro aging(control_account, sign, dated_type) %}
    {%- set item = "org_id, document_type, document_id, party_id, source_party_id" %}
    with
        days as ({{ aging_days() }}),

        moved as (
            select {{ item }}, entry_date, sum(amount) as amount
            from {{ ref("journal_lines") }}
            where account_number = '{{ control_account }}'
            group by {{ item }}, entry_date
        ),

        -- What is open after each day something moved, until the next such day.
        balances as (
            select
                moved.*,
                sum(amount) over (
                    partition by {{ item }}
                    order by entry_date
                    rows between unbounded preceding and current row
                ) as balance,
                lead(entry_date) over (
                    partition by {{ item }} order by entry_date
                ) as next_date,
                min(entry_date) over (partition by {{ item }}) as first_date
            from moved
        ),

        open_items as (
            select
                days.org_id,
                days.as_of,
                balances.document_type,
                balances.document_id,
                balances.party_id,
                balances.source_party_id,
                balances.first_date,
                cast({{ sign }} * balances.balance as decimal(18, 2)) as open_home
            from balances
            inner join
                days
                on balances.org_id = days.org_id
                and balances.entry_date <= days.as_of
                and (balances.next_date is null or balances.next_date > days.as_of)
            where balances.balance <> 0
        ),

        aged as (
            select
                open_items.*,
                case
                    when open_items.open_home < 0
                    then null
                    when open_items.document_type = '{{ dated_type }}'
                    then coalesce(documents.due_date, documents.document_date)
                    when open_items.document_type = 'statement'
                    then open_items.first_date
                end as due_date
            from open_items
            left join
                ({{ known_now("int_documents_judged") }}) as documents
                on open_items.org_id = documents.org_id
                and open_items.document_type = documents.source_entity
                and open_items.document_id = documents.document_id
        ),

        counted as (
            select
                aged.*,
                greatest({{ dbt.datediff("due_date", "as_of", "day") }}, 0) as late_days
            from aged
        )

    select
        org_id,
        document_type,
        document_id,
        party_id,
        source_party_id,
        {{ aging_bucket("case when due_date is not null then late_days end") }}
        as bucket,
        open_home,
        cast(
            case when due_date is not null then late_days end as integer
        ) as days_past_due,
        due_date,
        as_of
    from counted
{% endmacro %}

{# The days open items are shown for: every month end, and the day of the sync. #}
{% macro aging_days() %}
    select org_id, month_end as as_of
    from {{ ref("int_months_spanned") }}
    union
    select org_id, as_of_date as as_of
    from {{ ref("int_connection_settings_dated") }}
{% endmacro %}
