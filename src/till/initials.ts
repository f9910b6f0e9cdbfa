/**
 * Pinyin initials of a name that was typed here: the same rule as HQ's for the names that the feed brings.
 */

/** Loaded at the first need: a till that enrols nobody does without its 15 MB. */
export async function initialsOf(name: string): Promise<string> {
  const { pinyin } = await import('pinyin-pro');
  return pinyin(name, { pattern: 'first', toneType: 'none', type: 'array', nonZh: 'consecutive' })
    .join('')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}
