{#
    What names a raw line of one version of a document, and what it carries besides its
    amount: columns of `lines`. A line without an id is known by its place.
#}
{% macro raw_line(entity) -%}
    lines.org_id,
    '{{ entity }}' as source_entity,
    lines.{{ entity }}_id as document_id,
    lines.version,
    coalesce(
        lines.{{ entity }}_line_item_id,
        'line-' || cast(lines.ordinal as {{ dbt.type_string() }})
    ) as line_id,
    lines.ordinal as line_ordinal,
    lines.description,
    lines.chart_of_account_id,
    lines.accounting_class_id,
    lines.department_id,
    lines.location_id,
    lines.job_id,
    lines.item_id
{%- endmacro %}
