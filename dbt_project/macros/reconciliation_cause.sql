{# Why ledger and BILL differ, as one text; each reason that is there, in order. #}
{% macro reconciliation_cause(row, message) -%}
    {%- set reasons = [
        (
            row ~ ".unexplained <> 0",
            "'unexplained' || coalesce(': ' || " ~ message ~ ", '')",
        ),
        (row ~ ".source_due is null", "'BILL states no amounts'"),
        (
            row ~ ".not_posted_reason is not null",
            "'not posted: ' || coalesce(" ~ row ~ ".not_posted_reason, '')",
        ),
        (
            row ~ ".grain= 'party' and " ~ row ~ ".not_posted <> 0",
            "'documents that do not post, or are archived with payments'",
        ),
        (
            row ~ ".posted_not_cleared <> 0",
            "'payments on their way: BILL counts them when they clear'",
        ),
        (
            row ~ ".user_settlements <> 0",
            "'settled by a person, which BILL does not know'",
        ),
        (
            row ~ ".credits_pending <> 0",
            "'money or credits of a later day: BILL counts them already'",
        ),
        (
            row ~ ".credits_not_posted <> 0",
            "'credits used that do not post: ' || coalesce("
            ~ row
            ~ ".unposted_reason, '')",
        ),
        (
            row ~ ".open_credits <> 0",
            "'unused credits and money on account, which BILL leaves out'",
        ),
        (
            row ~ ".source_reading = 'violated'",
            "'amounts of BILL do not add up to the document'",
        ),
    ] -%}
    coalesce(
        nullif(
            substr(
                {%- for condition, text in reasons %}
                    case when {{ condition }} then '; ' || {{ text }} else '' end
                    {{- " ||" if not loop.last }}
                {%- endfor %},
                3
            ),
            ''
        ),
        'agrees'
    )
{%- endmacro %}
