{# What a posting carries besides its snapshot, key, amounts, instants and member. #}
{% macro posting_attributes() -%}
    {%- set others = [
        "snapshot_id",
        "entry_key",
        "amount",
        "local_amount",
        "entry_date",
        "source_changed_at",
        "member_entity",
        "member_id",
    ] -%}
    {{ return(posting_columns() | map(attribute=0) | reject("in", others) | list) }}
{%- endmacro %}
