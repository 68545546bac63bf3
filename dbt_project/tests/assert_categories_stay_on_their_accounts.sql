-- I24: a categorized line is on an account that categories may use. Not meant: lines of
-- entries and settlements that people wrote with the account.
{{ config(severity="warn", meta={"dagster": {"ref": {"name": "journal_lines"}}}) }}
select lines.line_id
from {{ ref("journal_lines") }} as lines
inner join
    {{ ref("accounts") }} as accounts
    on lines.org_id = accounts.org_id
    and lines.account_number = accounts.account_number
inner join
    {{ ref("journal_entries") }} as entries
    on lines.org_id = entries.org_id
    and lines.entry_id = entries.entry_id
where
    entries.source_entity <> 'manual'
    and entries.entry_key not like lines.org_id || '|settlement|%'
    and lines.category_source in ('user', 'rule', 'model')
    and not accounts.is_categorizable
