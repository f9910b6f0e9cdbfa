/** What was typed into the search of members, as HQ is asked for it. Pure. */

export type MemberQuestion =
  | { readonly phone: string }
  | { readonly card: string }
  | { readonly mail: string }
  | { readonly name: string };

/** Digits of a phone's length are a phone, longer ones a card; with an @ it is a mail; else a name. Null: too short to ask. */
export function questionOf(typed: string): MemberQuestion | null {
  const text = typed.trim();
  if (text.length < 2) return null;
  if (text.includes('@')) return { mail: text };
  const digits = text.replace(/[\s()+-]/g, '');
  if (/^\d{5,}$/.test(digits))
    return digits.length > 11 && !text.startsWith('+') ? { card: digits } : { phone: digits };
  return { name: text };
}
