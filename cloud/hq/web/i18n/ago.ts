/** "3 minutes ago" in the reader's language. */
import type { TFunction } from 'i18next';
import { agoOf } from '../format/date.ts';

/** A span: `3 分钟`. */
export function spanText(ms: number, t: TFunction): string {
  const ago = agoOf(0, ms);
  return ago.unit === 'now' ? t('ago.underMinute') : t(`ago.${ago.unit}`, { count: ago.count });
}

/** A moment by its distance from now: `3 分钟前`. */
export function agoText(atMs: number, nowMs: number, t: TFunction): string {
  const ago = agoOf(atMs, nowMs);
  if (ago.unit === 'now') return t('ago.now');
  return t('ago.before', { ago: t(`ago.${ago.unit}`, { count: ago.count }) });
}
