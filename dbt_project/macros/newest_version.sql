{# The newest version of each record known at the connection's `as_of` instant. #}
{% macro newest_version(model, key) -%}
    select versions.*
    from
        (
            select
                known.*,
                row_number() over (
                    partition by known.org_id, known.{{ key }}
                    order by known.version desc
                ) as newness
            from {{ ref(model) }} as known
            inner join
                {{ ref("stg_settings__connection_settings") }} as settings
                on known.org_id = settings.org_id
                and known.synced_at <= settings.as_of
        ) as versions
    where versions.newness = 1
{%- endmacro %}
