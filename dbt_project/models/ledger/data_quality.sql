-- What a person should know about the data: flags of documents and refused decisions
-- while they hold; what is wrong with BILL's lists and records, also after it ended.
with
    issues as (
        select
            flags.org_id,
            flags.flag as check_name,
            case
                when flags.flag = 'unexplained_settlement' then 'error' else 'warn'
            end as severity,
            flags.document_type,
            flags.document_id,
            flags.message,
            dated.first_seen
        from {{ ref("int_flags_raised") }} as flags
        left join
            {{ ref("int_flags_dated") }} as dated
            on flags.org_id = dated.org_id
            and flags.document_type = dated.document_type
            and flags.document_id = dated.document_id
            and flags.flag = dated.flag
        union all
        select
            overrides.org_id,
            'override_rejected' as check_name,
            'warn' as severity,
            overrides.source_entity as document_type,
            overrides.document_id,
            'Account '
            || overrides.account_number
            || ' cannot be chosen for a line' as message,
            overrides.effective_at as first_seen
        from {{ ref("stg_decisions__category_overrides") }} as overrides
        inner join
            {{ ref("int_connection_settings_dated") }} as settings
            on overrides.org_id = settings.org_id
            and overrides.effective_at <= settings.as_of
        left join
            {{ ref("chart_of_accounts") }} as accounts
            on overrides.account_number = accounts.account_number
        where not coalesce(accounts.is_categorizable, false)
        union all
        select
            org_id,
            check_name,
            'warn' as severity,
            document_type,
            document_id,
            message,
            first_seen
        from {{ ref("int_decisions_rejected") }}
        union all
        select
            org_id,
            check_name,
            'warn' as severity,
            document_type,
            document_id,
            message,
            first_seen
        from {{ ref("int_ledger_issues_found") }}
    )

select
    org_id,
    check_name,
    max(severity) as severity,
    document_type,
    document_id,
    max(message) as message,
    min(first_seen) as first_seen,
    cast(null as timestamp with time zone) as resolved_at
from issues
group by org_id, check_name, document_type, document_id
union all
select
    org_id,
    check_name,
    severity,
    document_type,
    document_id,
    message,
    first_seen,
    resolved_at
from {{ ref("int_source_issues_found") }}
