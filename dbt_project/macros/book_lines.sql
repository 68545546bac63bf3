{# One book's lines as analysts read them: debit or credit, with account and party. #}
{% macro book_lines(basis) %}
    with
        postings as (
            select
                composed.*,
                case
                    when composed.document_type in ('invoice', 'credit_memo', 'receipt')
                    then 'customer'
                    else 'vendor'
                end as party_entity
            from {{ ref("int_" ~ basis ~ "_composed") }} as composed
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
