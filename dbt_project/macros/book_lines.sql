{#
    One book's lines as analysts read them: debit or credit, with account and party. What
    stands on its own date, with one line of a bank's sum per entry, and what was adjusted
    later.
#}
{% macro book_lines(book) %}
    {%- set attributes = line_attributes() -%}
    with
        lines as (
            {{ standing_lines(book, "united.role <> 'bank'") }}
            union all
            select
                org_id,
                entry_id,
                {% for name in attributes -%} {{ name }}, {% endfor -%}
                cast(sum(amount) as decimal(18, 2)) as amount,
                cast(sum(local_amount) as decimal(18, 2)) as local_amount,
                entry_date
            from ({{ standing_lines(book, "united.role = 'bank'") }}) as standing
            group by org_id, entry_id, {{ attributes | join(", ") }}, entry_date
            having sum(amount) <> 0
            union all
            select
                entries.org_id,
                entries.entry_id,
                'adjusting' as role,
                {{
                    joined_key(
                        [
                            "adjusted.document_type",
                            "adjusted.document_id",
                            "adjusted.source_party_id",
                        ]
                    )
                }} as line_reference,
                adjusted.account_number,
                adjusted.document_type,
                adjusted.document_id,
                cast(null as {{ dbt.type_string() }}) as source_line_id,
                adjusted.source_party_id,
                adjusted.local_currency,
                'Change in a locked period: ' || adjusted.reason as description,
                adjusted.category_source,
                adjusted.accounting_class_id,
                adjusted.department_id,
                adjusted.location_id,
                adjusted.job_id,
                adjusted.item_id,
                adjusted.line_order,
                cast(null as decimal(18, 8)) as fx_rate,
                cast(null as decimal(5, 4)) as category_confidence,
                adjusted.amount,
                adjusted.local_amount,
                entries.entry_date
            from {{ ref("int_" ~ book ~ "_adjusted") }} as adjusted
            inner join
                {{ ref("int_" ~ book ~ "_entries") }} as entries
                on adjusted.entry_key = entries.entry_key
        ),

        postings as (
            select
                {{
                    surrogate_key(
                        [
                            "entry_id",
                            "role",
                            "coalesce(line_reference, document_id)",
                            "account_number",
                        ]
                    )
                }} as line_id,
                row_number() over (
                    partition by entry_id
                    order by line_order, line_reference, role, account_number
                ) as line_no,
                lines.*,
                case
                    when document_type in ('invoice', 'credit_memo', 'receipt')
                    then 'customer'
                    else 'vendor'
                end as party_entity
            from lines
        ),

        parties as (select * from {{ ref("int_parties_named") }}),

        settings as (select * from {{ ref("int_connection_settings_dated") }})

    select
        postings.org_id,
        postings.line_id,
        postings.entry_id,
        postings.account_number,
        coalesce(parties.party_id, others.party_id) as party_id,
        postings.source_party_id,
        postings.document_id,
        postings.source_line_id,
        postings.accounting_class_id as class_id,
        postings.department_id,
        postings.location_id,
        postings.job_id,
        postings.item_id,
        accounts.account_name,
        chart.account_type,
        postings.document_type,
        postings.role,
        postings.description,
        postings.category_source,
        coalesce(postings.local_currency, settings.home_currency) as local_currency,
        cast(postings.line_no as integer) as line_no,
        cast(greatest(postings.amount, 0) as decimal(18, 2)) as debit,
        cast(greatest(- postings.amount, 0) as decimal(18, 2)) as credit,
        postings.amount,
        coalesce(postings.local_amount, postings.amount) as local_amount,
        postings.fx_rate,
        postings.category_confidence,
        postings.entry_date
    from postings
    inner join settings on postings.org_id = settings.org_id
    left join
        {{ ref("int_accounts_listed") }} as accounts
        on postings.org_id = accounts.org_id
        and postings.account_number = accounts.account_number
    left join
        {{ ref("chart_of_accounts") }} as chart
        on accounts.main_account_number = chart.account_number
    left join
        parties
        on postings.org_id = parties.org_id
        and postings.source_party_id = parties.source_id
        and postings.party_entity = parties.source_entity
    left join
        parties as others
        on postings.org_id = others.org_id
        and postings.source_party_id = others.source_id
        and {{ other_side("postings.party_entity", "parties.source_id") }}
        = others.source_entity
{% endmacro %}

{# The other of vendor and customer, where no party was found on the entity's side. #}
{% macro other_side(party_entity, found) -%}
    case
        when {{ found }} is not null
        then null
        when {{ party_entity }} = 'vendor'
        then 'customer'
        else 'vendor'
    end
{%- endmacro %}

{# Lines of one book that stand on their own date, with their entries. #}
{% macro standing_lines(book, condition) -%}
    select
        entries.org_id,
        entries.entry_id,
        {% for name in line_attributes() -%} united.{{ name }}, {% endfor -%}
        united.amount,
        united.local_amount,
        entries.entry_date
    from {{ ref("int_" ~ book ~ "_united") }} as united
    inner join
        {{ ref("int_" ~ book ~ "_entries") }} as entries
        on united.entry_key = entries.book_entry_key
        and united.entry_date = entries.entry_date
        and entries.generation_no
        between united.from_generation and united.to_generation
        and entries.entry_type <> 'adjusting'
    where united.is_booked and {{ condition }}
{%- endmacro %}
