-- I17: once a document in home currency is settled, the cash book has recognized each
-- of its accounts as the accrual book has it. Left out: what no cash settled.
{{ config(severity="warn", meta={"dagster": {"ref": {"name": "journal_lines_cash"}}}) }}
with
    documents as (
        select org_id, 'bill' as document_type, bill_id as document_id
        from {{ ref("bills") }}
        where posted and open_home = 0 and amount_home = amount
        union all
        select org_id, 'invoice' as document_type, invoice_id as document_id
        from {{ ref("invoices") }}
        where posted and open_home = 0 and amount_home = amount
    ),

    books as (
        select org_id, document_type, document_id, account_number, amount
        from {{ ref("journal_lines") }}
        where account_number not in ('1100', '2000')
        union all
        select org_id, document_type, document_id, account_number, - amount as amount
        from {{ ref("journal_lines_cash") }}
    ),

    differences as (
        select org_id, document_type, document_id, account_number, sum(amount) as amount
        from books
        group by org_id, document_type, document_id, account_number
        having sum(amount) <> 0
    )

select differences.*
from differences
inner join
    documents
    on differences.org_id = documents.org_id
    and differences.document_type = documents.document_type
    and differences.document_id = documents.document_id
where not {{ in_one_book_alone("documents", ref("journal_lines")) }}
