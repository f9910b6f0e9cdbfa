/**
 * What happened to a member, in words: one line for each kind of the timeline, and the names of what moves points.
 *
 * Pure but for the words. A kind that this page does not know is told as HQ said it.
 */
import type { TFunction } from 'i18next';
import type { z } from 'zod';
import type { TimelineShape } from '../../../fact-schemas.ts';
import { currencyOf, formatMoney } from '../../format/money.ts';
import { formatCount } from '../../format/number.ts';
import { HISTORY_WORDS, isConsentWord } from '../../i18n/words/history.ts';

export type Happening = z.infer<typeof TimelineShape>['entries'][number];

/** `earn` is `Earned`. */
export function movementName(kind: string, t: TFunction): string {
  return kind in HISTORY_WORDS ? t(`history.${kind as 'earn'}`) : kind.replaceAll('_', ' ');
}

export function signed(count: number): string {
  return `${count > 0 ? '+' : ''}${formatCount(count)}`;
}

/** What kind of thing it was. */
export function happeningName({ kind, data }: Happening, t: TFunction): string {
  if (kind === 'sale') return movementName(text(data.kind), t);
  if (kind === 'points') return movementName(data.purse === 'points' ? 'points' : 'value', t);
  return movementName(kind, t);
}

/** @param tierName  of an id */
export function happeningWords(
  { kind, data }: Happening,
  t: TFunction,
  tierName: (tierId: string) => string,
): string {
  const joined = (...parts: readonly (string | null)[]) =>
    parts.filter((part) => part !== null && part !== '').join(' · ');
  switch (kind) {
    case 'sale': {
      const items = Array.isArray(data.items) ? data.items.map(text) : [];
      return joined(money(data.totalMinor, text(data.currency)), items.join('、'), text(data.receiptNo));
    }
    case 'points':
      return joined(
        movementName(text(data.kind), t),
        data.purse === 'points' ? signed(Number(data.points)) : money(data.points, 'CNY'),
      );
    case 'tier':
      return joined(
        data.tierId == null ? null : tierName(text(data.tierId)),
        Number(data.growth ?? 0) === 0 ? null : t('history.growth', { count: Number(data.growth) }),
        text(data.reason),
      );
    case 'coupon':
      return data.usedAtMs == null
        ? t('history.couponUntil', { id: text(data.templateId), date: text(data.validTo) })
        : t('history.couponUsed', { id: text(data.templateId) });
    case 'consent':
      return joined(
        consentWord(text(data.purpose), t),
        consentWord(text(data.channel), t),
        t(data.granted === true ? 'member.agreed' : 'member.refused'),
        text(data.textVersion),
      );
    case 'tag':
      return joined(
        t(data.isSet === true ? 'history.tagSet' : 'history.tagGone', { tag: text(data.tag) }),
        text(data.why),
      );
    case 'interaction':
      return joined(text(data.subject), text(data.text), text(data.outcome));
    case 'contact':
      return joined(text(data.campaignId), text(data.channel), text(data.outcome));
    default:
      return joined(text(data.kind).replaceAll('_', ' '), text(data.subject));
  }
}

/** A purpose or a channel; one that is the chain's own stays as it is written. */
export function consentWord(word: string, t: TFunction<'hq'>): string {
  return isConsentWord(word) ? t(`consent.${word}`) : word;
}

function money(minor: unknown, currency: string): string {
  return formatMoney(Number(minor ?? 0), currencyOf(currency));
}

function text(value: unknown): string {
  return value === null || value === undefined ? '' : String(value);
}
