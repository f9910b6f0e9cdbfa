/**
 * The jobs of HQ, in the order in which a day needs them: what ends goes before what is given.
 */
import { compactFeed } from '../feed/compact.ts';
import { applyRetention } from '../identity/retention.ts';
import { giveBenefits } from '../loyalty/benefits.ts';
import { lapseCoupons } from '../loyalty/coupons.ts';
import { expirePoints, mendLedgers } from '../loyalty/ledger-jobs.ts';
import { payReferrals } from '../loyalty/referrals.ts';
import { reviewTiers } from '../loyalty/tiers.ts';
import { proveAndMend } from '../segments/rollup.ts';
import { refreshSegmentTags } from '../segments/segment-tags.ts';
import { refreshSegments } from '../segments/segments.ts';
import { tellSegments } from '../segments/till-segments.ts';
import type { Job, Schedule } from './job.ts';
import { overdueLeases } from './lease-epochs.ts';
import { removeOld } from './retention.ts';

const takes = (minute: number): Schedule => ({ kind: 'daily', minute, begun: 'everywhere', missed: 'last' });
const gives = (minute: number): Schedule => ({ kind: 'daily', minute, begun: 'somewhere', missed: 'each' });

export const ALL_JOBS: readonly Job[] = [
  {
    name: 'expire-points',
    about: 'Points and stored value whose last good day is over are gone.',
    schedule: takes(5),
    work: async ({ db, asOf, nowMs }) => {
      const { accounts, expired } = await expirePoints(db, asOf, nowMs);
      return {
        accounts,
        points: expired.points,
        valueMinor: expired.value,
        giftCardMinor: expired.gift_card,
      };
    },
  },
  {
    name: 'expire-coupons',
    about: 'Coupons whose last good day is over leave the tills.',
    schedule: takes(10),
    work: async ({ db, asOf, nowMs }) => ({ coupons: await lapseCoupons(db, asOf, nowMs) }),
  },
  {
    name: 'review-tiers',
    about: 'Members whose tier may have ended or begun are put on the tier of the day.',
    schedule: takes(15),
    work: async ({ db, asOf, nowMs }) => ({ ...(await reviewTiers(db, asOf, nowMs)) }),
  },
  {
    name: 'give-benefits',
    about: 'Birthday, festival and member-day benefits of the day, once a period and member.',
    schedule: gives(20),
    work: async ({ db, asOf, nowMs }) => {
      const given = Object.values(await giveBenefits(db, asOf, nowMs));
      return { benefits: given.length, members: given.reduce((sum, count) => sum + count, 0) };
    },
  },
  {
    name: 'pay-referrals',
    about: 'Referrals whose friend can give nothing back any more are paid.',
    schedule: takes(25),
    work: async ({ db, asOf, nowMs }) => ({ friends: await payReferrals(db, asOf, nowMs) }),
  },
  {
    name: 'refresh-segments',
    about:
      'Every segment is counted, its size of the day kept, and the tills told who is in those that rules ask for.',
    schedule: gives(60),
    work: async ({ db, asOf, nowMs, log, signals }) => {
      const { counted, failed } = await refreshSegments(db, { today: asOf, atMs: nowMs });
      for (const { segmentId, problem } of failed)
        log(`segment ${segmentId}: ${problem.path}: ${problem.message}`);
      const told = await tellSegments(db, { today: asOf, atMs: nowMs });
      if (told.members > 0) signals.emit('feed', {});
      return { segments: counted, failed: failed.length, membersTold: told.members };
    },
  },
  {
    name: 'tag-by-segments',
    about: 'Who is in the segment of a tag rule has its tag, and who left it has it no more.',
    schedule: gives(65),
    work: async ({ db, asOf, nowMs, log }) => {
      const { set, unset, failed } = await refreshSegmentTags(db, { today: asOf, atMs: nowMs });
      for (const { ruleId, message } of failed) log(`tag rule ${ruleId}: ${message}`);
      return { set, unset, failed: failed.length };
    },
  },
  {
    name: 'lease-epochs',
    about: 'Rights that tills hold beyond their epoch are asked back from the tills that can hear it.',
    schedule: { kind: 'every', everyMs: 60 * 60_000 },
    work: ({ db, nowMs, signals }) => overdueLeases(db, nowMs, signals),
  },
  {
    name: 'prove-purchases',
    about: 'What members bought is added up again and compared; a difference is a fault of ours, and mended.',
    schedule: takes(120),
    work: async ({ db, log }) => {
      const { rows, differences } = await proveAndMend(db);
      if (differences > 0) log(`prove-purchases: ${differences} of ${rows} rows differed and were mended`);
      return { rows, differences };
    },
  },
  {
    name: 'prove-ledgers',
    about: 'Every ledger is folded again and compared; a difference is a fault of ours, and mended.',
    schedule: takes(150),
    work: async ({ db, log, nowMs }) => {
      const { accounts, differences } = await mendLedgers(db, nowMs);
      if (differences.length > 0)
        log(`prove-ledgers: ${differences.length} of ${accounts} accounts differed and were mended`);
      return { accounts, differences: differences.length };
    },
  },
  {
    name: 'retention',
    about:
      'What was kept for a time only is removed: buyers of gift cards, old codes, old runs, tombstones of the feed.',
    schedule: takes(180),
    work: async ({ db, asOf, nowMs }) => ({
      ...(await removeOld(db, asOf, nowMs)),
      tombstones: await compactFeed(db, nowMs),
    }),
  },
  {
    name: 'forget-members',
    about: 'Members whom a retention rule forgets are erased; sales stay without a name.',
    schedule: takes(200),
    work: async ({ db, asOf, nowMs }) => {
      const erased = Object.values(await applyRetention(db, asOf, nowMs));
      return { rules: erased.length, erased: erased.reduce((sum, count) => sum + count, 0) };
    },
  },
];
