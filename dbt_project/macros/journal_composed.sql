{#
    One book as it is read: what stands on its own date and what was adjusted later,
    with the keys entries and lines keep for ever.
#}
{% macro journal_composed(book) -%}
    with
        lines as (
            select
                org_id,
                entry_key,
                {% for name in posting_attributes() -%} {{ name }}, {% endfor -%}
                cast(null as {{ dbt.type_string() }}) as reason,
                cast(null as {{ dbt.type_string() }}) as adjusts_entry_key,
                amount,
                local_amount,
                cast(null as date) as adjusted_date,
                entry_date,
                source_changed_at
            from ({{ postings_standing(book) }}) as standing
            union all
            select
                org_id,
                entry_key,
                'adjusting' as entry_type,
                source_entity,
                source_id,
                source_number,
                'Change in a locked period' as memo,
                'adjusting' as role,
                {{ joined_key(["document_type", "document_id", "source_party_id"]) }}
                as line_reference,
                account_number,
                document_type,
                document_id,
                cast(null as {{ dbt.type_string() }}) as source_line_id,
                entry_party_id,
                source_party_id,
                local_currency,
                'Change in a locked period: ' || reason as description,
                category_source,
                accounting_class_id,
                department_id,
                location_id,
                job_id,
                item_id,
                line_order,
                cast(null as decimal(18, 8)) as fx_rate,
                cast(null as decimal(5, 4)) as category_confidence,
                reason,
                book_entry_key as adjusts_entry_key,
                amount,
                local_amount,
                adjusted_date,
                entry_date,
                source_changed_at
            from {{ ref("int_" ~ book ~ "_adjusted") }}
        ),

        keyed as (
            select
                {{ surrogate_key(["entry_key"]) }} as entry_id,
                case
                    when adjusts_entry_key is not null
                    then {{ surrogate_key(["adjusts_entry_key"]) }}
                end as adjusts_entry_id,
                lines.*
            from lines
        )

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
        keyed.*
    from keyed
{%- endmacro %}
