/**
 * Scan field: the one input of the selling screen, and whether its text is on its way to the till.
 *
 * A text that was sent stays in sight until the till has answered: emptying the field at once would cost a frame of its
 * own, and the line that was scanned comes one frame later for it. While it is on its way it counts as gone: the next
 * key starts anew, and a second Enter sends nothing twice.
 */
type Field = HTMLInputElement | null;

const onItsWay = new WeakSet<HTMLInputElement>();

/** What a person is typing: empty while the last text is on its way. */
export function textIn(field: Field): string {
  return field === null || onItsWay.has(field) ? '' : field.value;
}

/** @returns the text to send; empty: there is nothing */
export function sendFrom(field: Field): string {
  const text = textIn(field).trim();
  if (field !== null && text !== '') onItsWay.add(field);
  return text;
}

/** The till has taken the text that is on its way. What was typed since stays. */
export function taken(field: Field): void {
  if (field !== null && onItsWay.has(field)) empty(field);
}

/** The text is still needed: it is the person's again, unless something newer stands there. */
export function giveBack(field: Field): void {
  if (field !== null) onItsWay.delete(field);
}

export function empty(field: Field): void {
  if (field === null) return;
  onItsWay.delete(field);
  field.value = '';
}
