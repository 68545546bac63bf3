{# A posting's columns with some of them from other expressions, given by name. #}
{% macro changed_posting(postings, changed) -%}
    {%- for name, type in posting_columns() -%}
        {%- set sql_type = dbt.type_string() if type == "text" else type %}
        cast(
            {{ changed.get(name, postings ~ "." ~ name) }} as {{ sql_type }}
        ) as {{ name }}
        {{- "," if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#
    Every line of the entries in `postings` again with the opposite sign, as another entry
    on another day: what a void does to what it voids.
#}
{% macro reversed_posting(postings, entry_key, entry_type, entry_date) -%}
    {{
        changed_posting(
            postings,
            {
                "entry_key": entry_key,
                "entry_type": entry_type,
                "entry_date": entry_date,
                "amount": "-1 * " ~ postings ~ ".amount",
                "local_amount": "-1 * " ~ postings ~ ".local_amount",
            },
        )
    }}
{%- endmacro %}
