/** Rights in words, an area at a time. Pure but for the words; a right of a newer HQ stands as it is. */
import type { TFunction } from 'i18next';
import { RIGHT_WORDS } from '../i18n/words/rights.ts';

/** `['members.read', 'members.write', 'jobs.run']` is `['Members: see, change', 'Jobs: run']`. */
export function rightsInWords(rights: readonly string[], t: TFunction): string[] {
  const byArea = new Map<string, string[]>();
  for (const right of rights) {
    const [area = right, verb = ''] = right.split('.');
    byArea.set(area, [...(byArea.get(area) ?? []), verb]);
  }
  const word = (key: string) => (key in RIGHT_WORDS ? t(`right.${key as 'sales'}`) : key);
  return [...byArea].map(([area, verbs]) =>
    t('right.of', { area: word(area), verbs: verbs.map(word).join(t('shell.comma')) }),
  );
}
