-- I17: what was settled in full in home currency is recognized in the cash book account
-- by account as it stands in the accrual book.
{{ config(severity="warn", meta={"dagster": {"ref": {"name": "journal_lines_cash"}}}) }}
with
    settled as (
        select org_id, 'bill' as document_type, bill_id as document_id
        from {{ ref("bills") }}
        where posted and open_home = 0
        union all
        select org_id, 'invoice' as document_type, invoice_id as document_id
        from {{ ref("invoices") }}
        where posted and open_home = 0
    ),

    -- Nothing is recognized where no money moved.
    unpaid as (
        select lines.org_id, lines.document_id
        from {{ ref("journal_lines") }} as lines
        inner join
            {{ ref("journal_entries") }} as entries
            on lines.org_id = entries.org_id
            and lines.entry_id = entries.entry_id
        where
            entries.entry_type = 'settlement'
            and lines.account_number in ('1099', '6850')
    ),

    both_books as (
        select org_id, document_type, document_id, role, account_number, amount
        from {{ ref("journal_lines") }}
        union all
        select
            org_id, document_type, document_id, role, account_number, - amount as amount
        from {{ ref("journal_lines_cash") }}
    ),

    books as (
        select *
        from both_books
        where
            role in ('line', 'difference', 'tax')
            or (
                role = 'adjusting'
                and account_number not in ('1100', '2000', '4910', '5900', '7200')
            )
    )

select
    books.org_id, books.document_id, books.account_number, sum(books.amount) as amount
from books
inner join
    settled
    on books.org_id = settled.org_id
    and books.document_type = settled.document_type
    and books.document_id = settled.document_id
inner join
    ({{ known_now("int_documents_judged") }}) as documents
    on books.org_id = documents.org_id
    and books.document_type = documents.source_entity
    and books.document_id = documents.document_id
    and documents.fx_rate is null
where
    not exists (
        select 1
        from unpaid
        where unpaid.org_id = books.org_id and unpaid.document_id = books.document_id
    )
group by books.org_id, books.document_id, books.account_number
having sum(books.amount) <> 0
