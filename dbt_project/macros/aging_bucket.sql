{# The aging bucket of an open item; an item due on the day itself is current. #}
{% macro aging_bucket(days_past_due) -%}
    case
        when {{ days_past_due }} is null
        then 'unapplied'
        when {{ days_past_due }} <= 0
        then 'current'
        when {{ days_past_due }} <= 30
        then '1-30'
        when {{ days_past_due }} <= 60
        then '31-60'
        when {{ days_past_due }} <= 90
        then '61-90'
        else 'over 90'
    end
{%- endmacro %}
