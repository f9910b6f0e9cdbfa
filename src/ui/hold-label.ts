/**
 * Hold label: by what a cashier finds a parked basket again. Pure.
 */
import type { TillView } from '../till/api.ts';

/** Fits one row of the list and of the button. */
export const LABEL_CHARS_MAX = 40;

/** The member's name, else the first article's. */
export function holdLabel({ member, basket }: Pick<TillView, 'member' | 'basket'>): string {
  const label = member?.name ?? basket.lines[0]?.name ?? '';
  return Array.from(label.trim()).slice(0, LABEL_CHARS_MAX).join('');
}
