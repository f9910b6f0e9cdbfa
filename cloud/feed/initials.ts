/**
 * Pinyin initials: `林小美` is `lxm`, so that a cashier finds a name with three keys. Made once here, not on every till.
 */
import { pinyin } from 'pinyin-pro';

/** Lower case; letters and digits stand for themselves, other signs fall away. @param name any length */
export function initialsOf(name: string): string {
  return pinyin(name, { pattern: 'first', toneType: 'none', type: 'array', nonZh: 'consecutive' })
    .join('')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}
