-- Lists that lack most rows held, or that BILL refuses: from the sync that saw it
-- begin to the one that saw it end, which is open while it lasts.
with
    states as (
        select
            states.*,
            settings.connection_name,
            case
                when coalesce(states.reason, '') = ''
                then 'no reason given'
                when substr(states.reason, length(states.reason), 1) = '.'
                then substr(states.reason, 1, length(states.reason) - 1)
                else states.reason
            end as cause,
            lag(states.state) over (
                partition by states.org_id, states.entity order by states.version
            ) as state_before
        from {{ ref("stg_bill__list_states") }} as states
        inner join
            {{ ref("int_connection_settings_dated") }} as settings
            on states.org_id = settings.org_id
            and states.synced_at <= settings.as_of
    ),

    turns as (
        select
            states.*,
            lead(synced_at) over (
                partition by org_id, entity order by version
            ) as ended_at
        from states
        where state_before is null or state_before <> state
    )

select
    org_id,
    entity,
    case
        when state = 'empty' then 'list_emptied' else 'list_forbidden'
    end as check_name,
    {{ list_advice("state", "entity", "rows_held", "cause") }} as message,
    version,
    synced_at as began_at,
    ended_at
from turns
-- A list that never gave a row, as the organization's to many roles, breaks nothing.
where state in ('empty', 'forbidden') and coalesce(rows_held, 0) > 0
