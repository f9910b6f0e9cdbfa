/**
 * What a cell of a file says about a consent: `yes 2026-03-01 v2`, `no`, `是`.
 *
 * Pure. A file never lets HQ write to somebody who had not said so: a yes counts from its own day on and names the text that
 * was agreed to, and the newest word holds, whatever comes late. A yes of a day begins with that day, a no ends with it, so
 * of both on one day the no holds. A no without a day is of now.
 */
import { dateOf } from '../../src/core/custom-field.ts';
import { err, ok, type Result } from '../../src/core/result.ts';

/** `consent:PURPOSE:CHANNEL`, such as `consent:marketing:sms`. */
export type ConsentTarget = `consent:${string}:${string}`;

export interface ConsentSaid {
  readonly purpose: string;
  readonly channel: string;
  readonly granted: boolean;
  /** null: a no without a day. */
  readonly atMs: number | null;
  readonly textVersion: string;
}

export interface ConsentGround {
  readonly nowMs: number;
  /** Of the row, for cells that do not say their own. */
  readonly atText: string | null;
  readonly textVersion: string | null;
}

const TARGET = /^consent:([a-z0-9_-]{1,60}):([a-z0-9_-]{1,60})$/;
const YES = new Set(['yes', 'y', 'true', '1', 'granted', '是', '同意', '已同意', '愿意', '願意']);
const NO = new Set([
  'no',
  'n',
  'false',
  '0',
  'withdrawn',
  '否',
  '不同意',
  '拒绝',
  '拒絕',
  '退订',
  '退訂',
  '撤回',
]);
const DAY_MS = 86_400_000;
/** Of a no whose text nobody wrote down: nothing follows from it. */
const NO_TEXT = '-';

export function isConsentTarget(text: string): text is ConsentTarget {
  return TARGET.test(text);
}

export function readConsentCell(
  target: ConsentTarget,
  text: string,
  { nowMs, atText, textVersion }: ConsentGround,
): Result<ConsentSaid, { readonly kind: string; readonly message: string }> {
  const [, purpose, channel] = TARGET.exec(target)!;
  const [word = '', at = atText, version = textVersion, ...more] = text.split(/\s+/);
  const granted = YES.has(word.toLowerCase());
  if (more.length > 0 || (!granted && !NO.has(word.toLowerCase()))) {
    return err({
      kind: 'consent',
      message: 'expected yes or no (是 or 否), its day and text: yes 2026-03-01 v2',
    });
  }
  const atMs = at === null ? null : timeOf(at, granted, nowMs);
  if (at !== null && atMs === null) {
    return err({ kind: 'consent_time', message: 'expected the day on which it was said, not in the future' });
  }
  if (granted && atMs === null) {
    return err({
      kind: 'consent_time',
      message: 'a yes needs the day on which it was said: yes 2026-03-01 v2',
    });
  }
  if (granted && version === null) {
    return err({
      kind: 'consent_text',
      message: 'a yes names the text that was agreed to: yes 2026-03-01 v2',
    });
  }
  if (version !== null && version.length > 60) {
    return err({ kind: 'consent_text', message: 'expected the version of a text, at most 60 characters' });
  }
  return ok({ purpose: purpose!, channel: channel!, granted, atMs, textVersion: version ?? NO_TEXT });
}

/** As an export writes it: the cell that says the same again. */
export function consentText(said: {
  readonly granted: boolean;
  readonly atMs: number;
  readonly textVersion: string;
}) {
  const { granted, atMs, textVersion } = said;
  return `${granted ? 'yes' : 'no'} ${new Date(atMs).toISOString()} ${textVersion.replaceAll(/\s+/g, '_')}`;
}

function timeOf(text: string, granted: boolean, nowMs: number): number | null {
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/.test(text)) {
    const atMs = Date.parse(text);
    return Number.isNaN(atMs) || atMs > nowMs ? null : atMs;
  }
  const date = dateOf(text);
  if (date === null || Date.parse(date) > nowMs) return null;
  return granted ? Date.parse(date) : Math.min(nowMs, Date.parse(date) + DAY_MS - 1);
}
