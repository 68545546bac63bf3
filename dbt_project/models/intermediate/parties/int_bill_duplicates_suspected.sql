-- Pairs of bills that may be one bill entered twice: same party, same amount, and the
-- same number (exact), nearly the same within sixty days (near), or no number on one
-- side within seven days (amount_only). Only bills that post count.
with
    bills as (
        select
            judged.org_id,
            judged.bill_id,
            parties.party_id,
            judged.bill_number,
            judged.currency,
            {{ normalised_number("judged.bill_number") }} as normalised_number,
            judged.amount,
            coalesce(judged.paid_amount, 0) > 0
            or judged.payment_status in ('PAID', 'PARTIALLY_PAID') as is_paid,
            judged.bill_date
        from ({{ known_now("int_bills_judged") }}) as judged
        inner join
            {{ ref("int_parties_named") }} as parties
            on judged.org_id = parties.org_id
            and judged.vendor_id = parties.source_id
            and parties.source_entity = 'vendor'
        where judged.is_posted
    ),

    pairs as (
        select
            ones.*,
            others.bill_id as partner_id,
            others.bill_number as partner_number,
            others.normalised_number as partner_normalised_number,
            others.is_paid as is_partner_paid,
            abs({{ dbt.datediff("ones.bill_date", "others.bill_date", "day") }}) as days
        from bills as ones
        inner join
            bills as others
            on ones.org_id = others.org_id
            and ones.party_id = others.party_id
            and ones.currency = others.currency
            and ones.amount = others.amount
            and ones.bill_id <> others.bill_id
    ),

    compared as (
        select
            pairs.*,
            least(
                length(normalised_number), length(partner_normalised_number)
            ) as shorter_length,
            {{ edit_distance("normalised_number", "partner_normalised_number") }}
            as distance,
            position(normalised_number in partner_normalised_number) > 0
            or position(partner_normalised_number in normalised_number)
            > 0 as is_contained
        from pairs
    ),

    tiered as (
        select
            compared.*,
            case
                when shorter_length = 0
                then case when days <= 7 then 'amount_only' end
                when distance = 0
                then 'exact'
                when
                    days <= 60
                    and (distance = 1 or (is_contained and shorter_length >= 4))
                then 'near'
            end as tier
        from compared
    ),

    -- BILL counts a bill as paid when its payment has cleared.
    settled as (
        select distinct org_id, bill_id
        from
            (
                {{ known_now("int_bill_settlements_cut", adds_org=true) }}
            ) as bill_settlements_cut
        where not is_reversed and cut_amount > 0
    )

select
    tiered.org_id,
    tiered.bill_id,
    tiered.partner_id,
    tiered.bill_number,
    tiered.partner_number,
    tiered.tier,
    row_number() over (
        partition by tiered.org_id, tiered.bill_id
        order by
            case tiered.tier when 'exact' then 1 when 'near' then 2 else 3 end,
            tiered.days,
            tiered.partner_id
    ) as partner_rank,
    tiered.is_paid or settled.bill_id is not null as is_paid,
    tiered.is_partner_paid or partners_settled.bill_id is not null as is_partner_paid
from tiered
left join settled on tiered.org_id = settled.org_id and tiered.bill_id = settled.bill_id
left join
    settled as partners_settled
    on tiered.org_id = partners_settled.org_id
    and tiered.partner_id = partners_settled.bill_id
where tiered.tier is not null
