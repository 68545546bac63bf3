{#
    Whether BILL shows a record no more: archived there, or confirmed by its id to exist
    no longer. Such a version repeats the last known values, so the two look the same.
#}
{% macro gone_from_bill() -%}
    cast(archived as boolean) or coalesce(cast(_deleted as boolean), false)
{%- endmacro %}
