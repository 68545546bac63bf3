{#- A table in one statement, which DuckDB replaces in its transaction.

    The adapter's own makes a second table, swaps names and drops the first: four
    statements and two transactions more for each model, twice the time for a small
    one. Kept from it: contracts, hooks, comments. -#}
{% materialization table, adapter = "duckdb" %}
    {%- set target = this.incorporate(type="table") -%}
    {%- do drop_other_kind(target) -%}

    {{ run_hooks(pre_hooks) }}
    {% call statement("main") -%}
        {%- set is_promised = config.get("contract").enforced -%}
        {%- if is_promised -%}
            {{ get_assert_columns_equivalent(compiled_code) }}
        {%- endif -%}
        create or replace table {{ target }} as (
        {{ get_select_subquery(compiled_code) if is_promised else compiled_code }}
        )
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {% do persist_docs(target, model) %}
    {{ adapter.commit() }}

    {{ return({"relations": [target]}) }}
{% endmaterialization %}
