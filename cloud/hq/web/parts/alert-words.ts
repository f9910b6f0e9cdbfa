/** An alert in words: what it is, and what to do next; a kind that is newer than this page as HQ names it. */
import { useTranslation } from 'react-i18next';
import { ALERT_WORDS } from '../i18n/words/alerts.ts';

type Known = keyof typeof ALERT_WORDS;

export interface AlertWords {
  readonly what: string;
  /** Empty: there is nothing to say beyond what it is. */
  readonly next: string;
}

export function useAlertWords(): (kind: string) => AlertWords {
  const { t } = useTranslation();
  const word = (key: string) => (Object.hasOwn(ALERT_WORDS, key) ? t(`alert.${key as Known}`) : null);
  return (kind) => ({ what: word(kind) ?? kind.replaceAll('_', ' '), next: word(`do_${kind}`) ?? '' });
}
