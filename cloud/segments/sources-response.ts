/**
 * Conditions about what reached a member and what came back: coupons, campaign contacts, events.
 */
import { z } from 'zod';
import { ok } from '../../src/core/result.ts';
import { type At, day, days } from './comparison.ts';
import { memberAmong, readShape, type Source } from './source.ts';
import { windowSql } from './sources-purchase.ts';

const keys = z.array(z.string().min(1).max(200)).min(1).max(1_000);
const Window = { lastDays: days.optional(), from: day.optional(), to: day.optional() };
const timesMin = z.int().min(1).max(1_000_000).optional();

/** Members of rows that fit; often enough where that was asked. The day of a time is its day in UTC. */
function membersOf(table: string, conditions: readonly string[], times: number | undefined, at: At): string {
  const often =
    (times ?? 1) === 1 ? '' : ` group by e.member_id having count(*) >= ${at.params.add(times!, 'int')}`;
  return memberAmong(`${table} e where ${conditions.join(' and ')}`, at, often);
}

const anyOf = (column: string, values: readonly string[] | undefined, at: At): string[] =>
  values === undefined ? [] : [`${column} = any(${at.params.add(values, 'text[]')})`];

const utcDay = (column: string) => `(${column} at time zone 'UTC')::date`;

const EventShape = z.strictObject({ kinds: keys, subjects: keys.optional(), ...Window, timesMin });

export const event: Source = {
  source: 'event',
  about: 'did something in a window: browsed, put in the cart, clicked, came in',
  fields: () => [],
  read: (raw) => {
    const read = readShape(EventShape, raw);
    if (!read.ok) return read;
    const { kinds, subjects, timesMin: times, ...window } = read.value;
    return ok({
      needs: [],
      sql: (at) =>
        membersOf(
          'member_event',
          [
            ...anyOf('e.kind', kinds, at),
            ...anyOf('e.subject', subjects, at),
            windowSql(utcDay('e.at'), window, at),
          ],
          times,
          at,
        ),
      actual: null,
    });
  },
};

const COUPON_STATES = {
  issued: () => 'true',
  used: () => 'e.used_at is not null',
  open: (asOf: string) =>
    `e.used_at is null and (e.expires_at is null or ${utcDay('e.expires_at')} >= ${asOf})`,
  expired: (asOf: string) => `e.used_at is null and ${utcDay('e.expires_at')} < ${asOf}`,
} as const;
const CouponShape = z.strictObject({
  state: z.enum(['issued', 'used', 'open', 'expired']),
  templateIds: keys.optional(),
  timesMin,
});

export const coupon: Source = {
  source: 'coupon',
  about: 'holds, used or let expire a coupon',
  fields: () => [],
  read: (raw) => {
    const read = readShape(CouponShape, raw);
    if (!read.ok) return read;
    const { state, templateIds, timesMin: times } = read.value;
    return ok({
      needs: [],
      sql: (at) =>
        membersOf(
          'member_coupon',
          [COUPON_STATES[state](at.asOf), ...anyOf('e.template_id', templateIds, at)],
          times,
          at,
        ),
      actual: null,
    });
  },
};

const ContactShape = z.strictObject({
  campaignIds: keys.optional(),
  channels: keys.optional(),
  outcomes: keys.optional(),
  ...Window,
  timesMin,
});

export const contact: Source = {
  source: 'contact',
  about: 'was reached by a campaign, and what came of it',
  fields: () => [],
  read: (raw) => {
    const read = readShape(ContactShape, raw);
    if (!read.ok) return read;
    const { campaignIds, channels, outcomes, timesMin: times, ...window } = read.value;
    return ok({
      needs: [],
      sql: (at) =>
        membersOf(
          'campaign_contact',
          [
            ...anyOf('e.campaign_id', campaignIds, at),
            ...anyOf('e.channel', channels, at),
            ...anyOf('e.outcome', outcomes, at),
            windowSql(utcDay('e.at'), window, at),
          ],
          times,
          at,
        ),
      actual: null,
    });
  },
};
