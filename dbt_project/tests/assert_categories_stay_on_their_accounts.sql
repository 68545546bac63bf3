-- I24: a categorized line is on an account that categories may use.
{{ config(severity="warn", meta={"dagster": {"ref": {"name": "journal_lines"}}}) }}
select lines.line_id
from {{ ref("journal_lines") }} as lines
inner join
    {{ ref("accounts") }} as accounts
    on lines.org_id = accounts.org_id
    and lines.account_number = accounts.account_number
where
    lines.category_source in ('user', 'rule', 'model') and not accounts.is_categorizable
