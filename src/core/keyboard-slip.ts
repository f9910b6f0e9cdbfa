/**
 * Keyboard slips: codes that a scanner typed, spoilt by what the computer takes its keys for.
 *
 * Pure. A scanner in keyboard mode sends keys, and the computer makes characters of them: with an input method set to full width
 * digits come out as `６９０`, which is put right here. A scanner set to another country's keyboard than the computer gives the
 * signs of the digit row instead of digits: which digits were meant is not guessed, but said to be so.
 */

/** Full-width letters, digits and signs as the plain ones; the wide space too. Other characters stay. */
export function halfWidth(text: string): string {
  return text
    .replaceAll(/[\uff01-\uff5e]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0))
    .replaceAll('\u3000', ' ');
}

/** Shift with the digit row: a scanner set to French on a US keyboard. */
const US_SHIFTED = /^[!@#$%^&*()]{8,}$/;
/** The digit row without Shift: a scanner set to US on a French keyboard, old and new. */
const FRENCH_PLAIN = /^[&é"'(\-è_çà§!]{8,}$/;

/** Whether a code of eight signs or more holds nothing but what the digit row gives in another layout. */
export function isLayoutSlip(code: string): boolean {
  return US_SHIFTED.test(code) || FRENCH_PLAIN.test(code);
}
