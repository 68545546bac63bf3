-- What lines may be split by besides accounts: BILL's classes, departments, locations,
-- jobs and items, by name as known now.
with
    united as (
        select
            snapshot_id,
            org_id,
            'class' as dimension,
            accounting_class_id as dimension_id,
            parent_id,
            accounting_class_name as name,
            is_archived
        from
            (
                {{
                    newest_version(
                        "stg_bill__accounting_classes", "accounting_class_id"
                    )
                }}
            ) as classes
        where snapshot_id = org_id
        union all
        select
            snapshot_id,
            org_id,
            'department' as dimension,
            department_id as dimension_id,
            parent_id,
            department_name as name,
            is_archived
        from
            (
                {{ newest_version("stg_bill__departments", "department_id") }}
            ) as departments
        where snapshot_id = org_id
        union all
        select
            snapshot_id,
            org_id,
            'location' as dimension,
            location_id as dimension_id,
            parent_id,
            location_name as name,
            is_archived
        from ({{ newest_version("stg_bill__locations", "location_id") }}) as locations
        where snapshot_id = org_id
        union all
        select
            snapshot_id,
            org_id,
            'job' as dimension,
            job_id as dimension_id,
            parent_id,
            job_name as name,
            is_archived
        from ({{ newest_version("stg_bill__jobs", "job_id") }}) as jobs
        where snapshot_id = org_id
        union all
        select
            snapshot_id,
            org_id,
            'item' as dimension,
            item_id as dimension_id,
            parent_id,
            item_name as name,
            is_archived
        from ({{ newest_version("stg_bill__items", "item_id") }}) as items
        where snapshot_id = org_id
    )

select org_id, dimension, dimension_id, parent_id, name, is_archived
from united
where snapshot_id = org_id
