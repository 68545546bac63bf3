{# Text flags as a sorted list, an empty one where there are none. #}
{% macro flag_list(flag) -%}
    {{ return(adapter.dispatch("flag_list")(flag)) }}
{%- endmacro %}

{% macro duckdb__flag_list(flag) -%}
    coalesce(
        list({{ flag }} order by {{ flag }}) filter (where {{ flag }} is not null),
        cast([] as varchar[])
    )
{%- endmacro %}
