-- 0220-offer-versions.sql: every version of what the house offers its members, with who published it and when; a tier rule that
-- has not begun can be replaced.

-- Only added. A version that is brought back is a new one with the same words.
create table offer_version (
  -- coupon_template, coupon_pack, benefit, stored_value, referral, programme, tiers, tier_rule, draw.
  kind text not null,
  -- Of a kind of which the chain has one, `chain`.
  offer_id text not null,
  version_no int not null check (version_no > 0),
  data jsonb not null,
  -- From this version on no till takes it.
  ended boolean not null,
  published_at timestamptz not null,
  -- owner, user, token; `` where nobody wrote it down.
  by_kind text not null,
  by_name text not null,
  primary key (kind, offer_id, version_no)
);
create index offer_version_by_time on offer_version (kind, published_at desc, offer_id desc, version_no desc);

insert into offer_version
  select 'coupon_template', template_id, 1, data, ended_at is not null, created_at, '', '' from coupon_template
  union all select 'coupon_pack', sku, 1, data, false, updated_at, '', '' from coupon_pack
  union all select 'benefit', benefit_id, 1, data, false, updated_at, '', '' from benefit
  union all select 'draw', draw_id, 1, data, false, created_at, '', '' from draw
  union all select case name when 'referral' then name else 'stored_value' end, 'chain',
    row_number() over (partition by name order by published_at, version), data, false, published_at, '', '' from loyalty_policy
    where name in ('referral', 'stored_value')
  union all select 'programme', 'chain', row_number() over (order by published_at, version), data, false, published_at, '', ''
    from programme
  union all select 'tier_rule', 'chain', row_number() over (order by from_on), data, false, published_at, '', '' from tier_rule;

-- Of several from one day the one that was published last holds.
alter table tier_rule drop constraint tier_rule_from_on_key;
create index tier_rule_by_date on tier_rule (from_on, published_at);
