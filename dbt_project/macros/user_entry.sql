{# Whether an entry is a person's: a settlement outside BILL, a write-off, or manual. #}
{% macro is_users_entry(org_id, entry_key) -%}
    substr({{ entry_key }}, length({{ org_id }}) + 1, 12) = '|settlement|'
    or substr({{ entry_key }}, length({{ org_id }}) + 1, 8) = '|manual|'
{%- endmacro %}
