/** The registry: every kind of condition that a rule may hold. A new one is one entry here. */
import type { Source } from './source.ts';
import { consent, field, frozen, profile, tag, tier } from './sources-member.ts';
import { cell, lifecycle, purchase, rfm, store } from './sources-purchase.ts';
import { contact, coupon, event } from './sources-response.ts';

const ALL = [
  profile,
  field,
  tag,
  tier,
  consent,
  frozen,
  rfm,
  cell,
  lifecycle,
  purchase,
  store,
  coupon,
  contact,
  event,
];

export const SOURCES: ReadonlyMap<string, Source> = new Map(ALL.map((source) => [source.source, source]));
