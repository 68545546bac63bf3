{#- A view in one statement; see table.sql. -#}
{% materialization view, adapter = "duckdb" %}
    {%- set target = this.incorporate(type="view") -%}
    {%- do drop_other_kind(target) -%}

    {{ run_hooks(pre_hooks) }}
    {% call statement("main") -%}
        create or replace view {{ target }} as ({{ compiled_code }})
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {% do persist_docs(target, model) %}
    {{ adapter.commit() }}

    {{ return({"relations": [target]}) }}
{% endmaterialization %}
