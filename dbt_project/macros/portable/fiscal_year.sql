{# The fiscal year a day lies in, named by the calendar year it ends in. #}
{% macro fiscal_year(day, start_month) -%}
    cast(
        extract(year from {{ day }}) + case
            when
                {{ start_month }} > 1
                and extract(month from {{ day }}) >= {{ start_month }}
            then 1
            else 0
        end as integer
    )
{%- endmacro %}
