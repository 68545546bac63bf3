{# Documents one of whose statuses is none of the known ones, as flags with a message. #}
{% macro unknown_statuses(model, entity, known) -%}
    select
        snapshot_id,
        '{{ entity }}' as document_type,
        {{ entity }}_id as document_id,
        'unknown_value' as flag,
        'BILL shows a status that we do not know:'
        {%- for column, words in known.items() %}
            || case
                when {{ column }} not in ('{{ words | join("', '") }}')
                then ' {{ column }} ' || {{ column }}
                else ''
            end
        {%- endfor %} as message
    from {{ ref(model) }}
    where
        {% for column, words in known.items() -%}
            {{ column }} not in ('{{ words | join("', '") }}')
            {% if not loop.last %} or {% endif %}
        {% endfor %}
{%- endmacro %}
