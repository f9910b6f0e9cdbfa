-- row-scope.sql: what somebody sees who is for some stores only. Not numbered: it is applied after the migrations, again
-- whenever it or they change.
--
-- HQ answers such a caller in a transaction under the role `counterfoil_scoped`, with the setting `counterfoil.stores` (a
-- text[] of store ids). The role may only read, and only what is granted here; row-level security shows it
--   the rows of its stores        where a table has a store_id ('' is every store's),
--   the rows of its own members   where it has a member_id: members whose home, the store of their first purchase, is one,
--   the rows of its tills         where it has a till_id,
--   all rows                      of the tables listed as `whole`: they are about no store and no person,
--   nothing                       of those listed as `hidden`, and of any table that fits none of these.
-- What is kept per member shows whole, also what moved in another store: the member is this store's. Without the setting
-- nothing is seen. Everybody else sees what they saw: HQ itself owns the tables, and a role of the user's own is let through.
do $scope$
declare
  whole constant text[] := array['tier', 'item', 'rule_set', 'programme', 'tier_rule', 'loyalty_policy', 'benefit',
    'coupon_template', 'coupon_pack', 'cell_strategy', 'segment_setting', 'segment', 'segment_size', 'custom_field', 'role',
    'tag_rule', 'cloud_identity', 'retention_rule', 'brand'];
  hidden constant text[] := array['migration', 'console_user', 'console_session', 'sign_in_try', 'api_token', 'feed_row',
    'enrolment_code', 'personal', 'audience_stale', 'books_cursor', 'card_buyer', 'gift_card', 'draw', 'draw_ticket',
    'offer_version', 'lease_write_off', 'right_balance', 'loyalty_request', 'job', 'job_run', 'webhook', 'webhook_attempt',
    'webhook_delivery', 'webhook_event', 'audit_entry', 'audit_head', 'request_key', 'vault_secret',
    'member_unsealed', 'suppression', 'lease_settling', 'cloud_mark', 'till_former_key',
    'journal_link', 'rescue_ticket', 'visitor', 'visitor_event', 'import_run', 'edit_turn', 'cloud_process'];
  stores constant text := $$(select current_setting('counterfoil.stores', true))::text[]$$;
  home constant text := $$exists (select from member_purchase p where p.member_id = %s
    and p.home_store_id = any ($$ || stores || $$))$$;
  -- Tables whose key has another name.
  special constant jsonb := jsonb_build_object(
    'store', 'store_id = any (' || stores || ')',
    'member_purchase', 'home_store_id = any (' || stores || ')',
    'audience_row', 'home_store_id = any (' || stores || ')',
    'ledger_account', format(home, 'ledger_account.holder_id'),
    'ledger_entry', format(home, 'ledger_entry.holder_id'),
    'ledger_lot', format(home, 'ledger_lot.holder_id'),
    'ledger_use', format(home, 'ledger_use.holder_id'),
    'member_distinct', format(home, 'member_distinct.one_id'),
    'member_moved', format(home, 'member_moved.first_member_id'),
    'sale_order_status', 'exists (select from sale_order o where o.channel = sale_order_status.channel
      and o.external_id = sale_order_status.external_id)',
    'vault_key', format(home, 'vault_key.holder_id'),
    'referral', format(home, 'referral.friend_id'),
    -- The alias of a member is told, as the member is.
    'points_entry', format(home, 'points_entry.member_id'),
    'coupon_use', format(home, 'coupon_use.member_id'),
    'interaction', format(home, 'interaction.member_id'));
  relation record;
  rule text;
begin
  begin
    create role counterfoil_scoped nologin;
  exception
    when duplicate_object then null;
    when insufficient_privilege then
      raise warning 'counterfoil: this database user may not create the role counterfoil_scoped: nobody can be for some stores only';
      return;
  end;
  if not pg_has_role(current_user, 'counterfoil_scoped', 'member') then
    execute format('grant counterfoil_scoped to %I', current_user);
  end if;
  execute format('grant usage on schema %I to counterfoil_scoped', current_schema());
  for relation in
    select c.oid, c.relname as name, c.relkind = 'v' as is_view,
      array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
    from pg_class c where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p', 'v')
  loop
    execute format('revoke all on %I from counterfoil_scoped', relation.name);
    if relation.is_view then
      -- Asked through a view, a table shows what it shows to who asks.
      execute format('alter view %I set (security_invoker = true)', relation.name);
      execute format('grant select on %I to counterfoil_scoped', relation.name);
      continue;
    end if;
    rule := case
      when relation.name = any (hidden) then null
      when relation.name = any (whole) then 'true'
      when special ? relation.name then special->>relation.name
      when 'store_id' = any (relation.columns) then format('(store_id = any (%s) or store_id = '''')', stores)
      when 'member_id' = any (relation.columns) then format(home, format('%I.member_id', relation.name))
      when 'till_id' = any (relation.columns)
        then format('exists (select from till t where t.till_id = %I.till_id)', relation.name)
    end;
    execute format('drop policy if exists scope_all on %I', relation.name);
    execute format('drop policy if exists scope_rows on %I', relation.name);
    if rule is null then
      execute format('alter table %I disable row level security', relation.name);
      continue;
    end if;
    execute format('grant select on %I to counterfoil_scoped', relation.name);
    execute format('alter table %I enable row level security', relation.name);
    execute format('create policy scope_all on %I to public using (true) with check (true)', relation.name);
    execute format('create policy scope_rows on %I as restrictive to counterfoil_scoped using (%s)', relation.name, rule);
  end loop;
end
$scope$;
