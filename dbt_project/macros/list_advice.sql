{# What a person should know and do about a list that BILL empties or refuses. #}
{% macro list_advice(state, entity, rows_held, reason) -%}
    case
        when {{ state }} = 'forbidden'
        then 'BILL does not let this token read the list: ' || {{ reason }}
        else {{ reason }}
    end
    || '. The '
    || cast(coalesce({{ rows_held }}, 0) as {{ dbt.type_string() }})
    || ' records held stay in the ledger as they are. '
    || case
        when {{ state }} = 'forbidden'
        then
            'Let the role of the token''s user read it in BILL, then: bill-ledger sync '
        else 'Look in BILL; if that is right: bill-ledger sync '
    end
    || connection_name
    || case
        when {{ state }} = 'forbidden' then '' else ' --accept-empty ' || {{ entity }}
    end
{%- endmacro %}
