{#
    Settlements of bills that no document stands for: the bill against one account.
    `source_entity` names them among the settlements, `event` in the entry's key. A person
    may choose another account for a discount.
#}
{% macro bill_settlement_posted(source_entity, account_number, event, memo) %}
    with
        settlements as (
            select
                cut.*,
                documents.vendor_id as source_party_id,
                documents.bill_number as document_number,
                documents.currency,
                documents.fx_rate,
                documents.synced_at,
                cut.snapshot_id
                || '|bill|'
                || cut.bill_id
                || '|{{ event }}' as entry_key,
                {% if event == "discount" %}
                    coalesce(overridden.account_number, '{{ account_number }}')
                {% else %} '{{ account_number }}'
                {% endif %} as contra_account
            from {{ ref("int_bill_settlements_cut") }} as cut
            inner join
                {{ ref("int_bills_judged") }} as documents
                on cut.snapshot_id = documents.snapshot_id
                and cut.bill_id = documents.bill_id
            {% if event == "discount" %}
                left join
                    {{ ref("int_discounts_overridden") }} as overridden
                    on cut.snapshot_id = overridden.snapshot_id
                    and cut.bill_id = overridden.document_id
                    and overridden.source_entity = 'bill'
            {% endif %}
            where cut.source_entity = '{{ source_entity }}' and cut.cut_amount > 0
        ),

        lines as (
            select
                settlements.*,
                'application' as role,
                '2000' as account_number,
                0 as line_order,
                relief_amount as amount,
                cut_amount as line_local_amount
            from settlements
            union all
            select
                settlements.*,
                '{{ event }}' as role,
                contra_account as account_number,
                1 as line_order,
                - relief_amount as amount,
                - cut_amount as line_local_amount
            from settlements
        )

    select
        {{
            posting(
                snapshot_id="snapshot_id",
                entry_key="entry_key",
                entry_type="'settlement'",
                source_entity="'bill'",
                source_id="bill_id",
                source_number="document_number",
                memo="'" ~ memo ~ "'",
                role="role",
                line_reference="bill_id",
                account_number="account_number",
                document_type="'bill'",
                document_id="bill_id",
                entry_party_id="source_party_id",
                source_party_id="source_party_id",
                local_currency="currency",
                description="'" ~ memo ~ "'",
                category_source="'system'",
                line_order="line_order",
                amount="amount",
                local_amount="line_local_amount",
                fx_rate="fx_rate",
                entry_date="settlement_date",
                source_changed_at="synced_at",
            )
        }}
    from lines
{% endmacro %}
