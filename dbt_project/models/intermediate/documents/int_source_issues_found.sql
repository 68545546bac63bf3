-- What a person should know about what BILL sends: lists it empties or refuses, records
-- that cannot be read, were deleted or are of an impossible day, fields and values
-- nobody knew.
with
    settings as (select * from {{ ref("int_connection_settings_dated") }}),

    payments as ({{ newest_version("stg_bill__payments", "payment_id", "payment") }}),

    receipts as (
        {{
            newest_version(
                "stg_bill__receivable_payments", "receivable_payment_id", "receipt"
            )
        }}
    ),

    deleted as (
        select org_id, 'payment' as document_type, payment_id as document_id, synced_at
        from payments
        where is_deleted and snapshot_id = org_id
        union all
        select
            org_id,
            'receipt' as document_type,
            receivable_payment_id as document_id,
            synced_at
        from receipts
        where is_deleted and snapshot_id = org_id
    ),

    -- Nobody says whether transfers come one by one where the organization is
    -- unreadable.
    untold as (
        select payments.org_id, min(payments.synced_at) as first_seen
        from payments
        where
            payments.is_online
            and payments.snapshot_id = payments.org_id
            and not exists (
                select 1
                from {{ ref("int_organizations_known") }} as organizations
                where organizations.snapshot_id = payments.snapshot_id
            )
        group by payments.org_id
    ),

    issues as (
        select
            org_id,
            check_name,
            'error' as severity,
            entity as document_type,
            '' as document_id,
            message,
            began_at as first_seen,
            ended_at as resolved_at
        from {{ ref("int_lists_interrupted") }}
        union all
        select
            org_id,
            'quarantined' as check_name,
            'error' as severity,
            entity as document_type,
            source_id as document_id,
            reason as message,
            began_at as first_seen,
            ended_at as resolved_at
        from {{ ref("int_records_set_aside") }}
        union all
        select
            org_id,
            'deleted_in_bill' as check_name,
            'warn' as severity,
            document_type,
            document_id,
            'BILL has this record no more; it stays posted, as its money moved'
            as message,
            synced_at as first_seen,
            cast(null as timestamp with time zone) as resolved_at
        from deleted
        union all
        select
            org_id,
            'transfer_mode_assumed' as check_name,
            'info' as severity,
            'organization' as document_type,
            org_id as document_id,
            'BILL does not let this token read how it debits the bank: taken as one sum'
            || ' per day and account. An administrator''s token can read it' as message,
            first_seen,
            cast(null as timestamp with time zone) as resolved_at
        from untold
        union all
        select
            documents.org_id,
            'improbable_date' as check_name,
            'warn' as severity,
            documents.source_entity as document_type,
            documents.document_id,
            'Dated '
            || cast(documents.document_date as {{ dbt.type_string() }})
            || ', which is hardly meant: reports have a row for every month between.'
            || ' Mend the date in BILL' as message,
            documents.state_synced_at as first_seen,
            cast(null as timestamp with time zone) as resolved_at
        from ({{ known_now("int_documents_judged") }}) as documents
        inner join settings on documents.org_id = settings.org_id
        where
            documents.is_posted
            and (
                documents.document_date > {{ days_after("settings.as_of_date", 3660) }}
                or documents.document_date
                < {{ days_after("settings.as_of_date", -36600) }}
            )
        union all
        select
            changes.org_id,
            changes.kind as check_name,
            case
                when changes.kind = 'new_field' then 'info' else 'warn'
            end as severity,
            changes.entity as document_type,
            changes.path || case
                when changes.kind = 'new_value'
                then ' = ' || coalesce(changes.value, '')
                else ''
            end as document_id,
            'BILL sends a '
            || case when changes.kind = 'new_field' then 'field' else 'value' end
            || ' that was not known before; it is kept. One record with it: '
            || coalesce(changes.source_id, 'without an id') as message,
            changes.synced_at as first_seen,
            cast(null as timestamp with time zone) as resolved_at
        from {{ ref("stg_bill__schema_changes") }} as changes
        inner join
            settings
            on changes.org_id = settings.org_id
            and changes.synced_at <= settings.as_of
        where changes.kind in ('new_field', 'new_value')
    )

select
    org_id,
    check_name,
    severity,
    document_type,
    document_id,
    coalesce(max(message), '') as message,
    first_seen,
    case when count(resolved_at) = count(*) then max(resolved_at) end as resolved_at
from issues
group by org_id, check_name, severity, document_type, document_id, first_seen
