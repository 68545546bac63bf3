-- Every line a document ever had and the versions that have it: most versions bring
-- something else than lines. A line that comes back, as no document of BILL's is
-- known to
-- do, has its document told version by version.
{%- set cent = "100000000000000" %}
{%- set document = ["org_id", "source_entity", "document_id"] %}
{%- set line = document + [
    "line_id",
    "line_ordinal",
    "description",
    "chart_of_account_id",
    "accounting_class_id",
    "department_id",
    "location_id",
    "job_id",
    "item_id",
    "weight",
] %}
with
    held as (
        select
            {{ line | join(", ") }},
            min(version) as first_version,
            max(version) as last_version,
            count(*) as version_count
        from {{ ref("int_document_lines_read") }}
        group by {{ line | join(", ") }}
    ),

    recurring as (
        select distinct {{ document | join(", ") }}
        from held
        where version_count <> last_version - first_version + 1
    ),

    lines as (
        select
            {% for column in line -%} held.{{ column }}, {% endfor -%}
            held.first_version,
            held.last_version
        from held
        left join
            recurring
            on held.org_id = recurring.org_id
            and held.source_entity = recurring.source_entity
            and held.document_id = recurring.document_id
        where recurring.document_id is null
        union all
        select
            {% for column in line -%} lines_read.{{ column }}, {% endfor -%}
            lines_read.version as first_version,
            lines_read.version as last_version
        from {{ ref("int_document_lines_read") }} as lines_read
        inner join
            recurring
            on lines_read.org_id = recurring.org_id
            and lines_read.source_entity = recurring.source_entity
            and lines_read.document_id = recurring.document_id
    )

select
    lines.*,
    case
        when {{ floor_div("weight", cent) }} * {{ cent }} = weight
        then {{ floor_div("weight", cent) }}
    end as whole_cents
from lines
