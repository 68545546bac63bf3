-- I24: a line on an account that categories may not use was put there by the posting
-- rules or by what people wrote or settled, never by a category.
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
    not accounts.is_categorizable
    and lines.category_source in ('user', 'rule', 'model')
    and entries.entry_type not in ('manual', 'settlement', 'adjusting')
