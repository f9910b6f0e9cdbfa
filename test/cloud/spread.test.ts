/**
 * Tables that grow with the trade can be spread over nodes: the key of each holds its store or its member (DESIGN 7). Read from the
 * catalogue, so a new table is found by itself.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Db } from '../../cloud/db/db.ts';
import { openTestDb } from '../kit/db.ts';

/** What a row is found by when it is spread. `holder_id` is a member's, or a gift card's own. */
const SPREADS = new Set(['store_id', 'member_id', 'holder_id', 'friend_id']);

/** Settings and lists of a chain: some rows a store, article, rule or person of the staff. They are copied to each node. */
const SMALL = new Set([
  ...[
    'migration',
    'cloud_identity',
    'store',
    'till',
    'enrolment_code',
    'tier',
    'item',
    'rule_set',
    'programme',
    'role',
    'staff',
  ],
  ...[
    'custom_field',
    'segment',
    'segment_setting',
    'cell_strategy',
    'loyalty_policy',
    'tier_rule',
    'coupon_template',
  ],
  ...['coupon_pack', 'benefit', 'draw', 'offer_version', 'job', 'job_run', 'webhook', 'brand'],
]);

/** Tables that grow and are spread by another key, with the reason. */
const BY_ANOTHER_KEY: Readonly<Record<string, string>> = {
  // Of people of the chain and of machines: few.
  api_token: 'few',
  console_user: 'few',
  console_session: 'few',
  sign_in_try: 'few',
  cloud_mark: 'few',
  vault_secret: 'few',
  tag_rule: 'few',
  till_alert: 'few',
  till_former_key: 'few',
  rescue_ticket: 'few',
  lease_settling: 'few',
  segment_size: 'one row a segment and day',
  audit_entry: 'one chain, one order',
  audit_head: 'one row',
  import_run: 'few',
  cloud_process: 'a row a process',
  edit_turn: 'a row a record that is being changed right now',
  retention_rule: 'few',
  request_key: 'found by the caller’s key, gone after a day',
  member_moved: 'its key begins with the first owner, a member',
  member_distinct: 'its key begins with one of two members',
  audience_stale: 'a queue, emptied as it is read',
  member_unsealed: 'emptied at the first start',
  member_alias: 'found by the id that was given up',
  suppression: 'found by the blind value alone',
  visitor: 'nobody’s yet',
  visitor_event: 'nobody’s yet',
  journal_link: 'one row a journal',
  journal_entry: 'a journal is one till’s, so one store’s',
  books_cursor: 'one row a journal',
  quarantine: 'few: what could not be used',
  personal: 'asked by its id alone, once',
  feed_row: 'the whole of a chain’s feed is one order',
  member: 'member_id is all of its key',
  gift_card: 'found by its code alone',
  card_buyer: 'found by nobody but the law',
  loyalty_request: 'found by the caller’s key',
  coupon_use: 'a code is used once over all stores',
  draw_ticket: 'a draw is worked out as a whole',
  right_balance: 'the key of a right names the member',
  lease: 'a till’s, found by its id',
  lease_write_off: 'few',
  sale_order: 'the name that another system gave is one over all stores',
  sale_order_status: 'as its order',
  webhook_event: 'kept for 30 days',
  webhook_delivery: 'kept for 30 days',
  webhook_attempt: 'kept for 30 days',
};

let db: Db;
beforeAll(async () => {
  db = await openTestDb('pglite');
});
afterAll(() => db.close());

const keysOf = async () => {
  const rows = await db.query<{ table: string; columns: string[] | null }>(
    `select c.relname as table, array_agg(a.attname::text order by a.attnum) filter (where a.attname is not null) as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     left join pg_index i on i.indrelid = c.oid and i.indisprimary
     left join pg_attribute a on a.attrelid = c.oid and a.attnum = any(i.indkey)
     where n.nspname = 'public' and c.relkind = 'r' group by c.relname order by c.relname`,
  );
  return rows.map(({ table, columns }) => ({ table, columns: columns ?? [] }));
};

test('the key of a table that grows holds its store or member', async () => {
  const keys = await keysOf();
  const odd = keys.filter(
    ({ table, columns }) =>
      !SMALL.has(table) && !(table in BY_ANOTHER_KEY) && !columns.some((name) => SPREADS.has(name)),
  );
  expect(odd.map(({ table, columns }) => `${table} (${columns.join(', ')})`)).toEqual([]);
});

test('the hot ones do, each by name', async () => {
  const keyOf = new Map((await keysOf()).map(({ table, columns }) => [table, columns]));
  const hot = [
    'sale',
    'return_line',
    'sale_alert',
    'shift_z',
    'till_day',
    'store_traffic',
    'ledger_account',
    'ledger_entry',
    'ledger_lot',
  ];
  const members = [
    'member_purchase',
    'member_store_purchase',
    'member_consent',
    'member_event',
    'member_coupon',
    'growth_entry',
    'tier_state',
  ];
  for (const table of [...hot, ...members]) {
    expect([table, keyOf.get(table)!.some((name) => SPREADS.has(name))]).toEqual([table, true]);
  }
});

test('an exception names a table that there is, and one that needs it', async () => {
  const keyOf = new Map((await keysOf()).map(({ table, columns }) => [table, columns]));
  expect([...SMALL, ...Object.keys(BY_ANOTHER_KEY)].filter((table) => !keyOf.has(table))).toEqual([]);
});
