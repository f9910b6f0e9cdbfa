/**
 * Scan field: the one input of the selling screen, and whether its text is on its way to the till.
 *
 * A text that was sent stays in sight until the line that it brought is painted: emptying the field before that would cost
 * the line a frame, or a part of one. While it is on its way it counts as gone: the next key starts anew, and a second
 * Enter sends nothing twice.
 */
type Field = HTMLInputElement | null;

/** One text on its way; the next one is another. */
export interface Sent {
  readonly text: string;
}

const onItsWay = new WeakMap<HTMLInputElement, Sent>();

/** What a person is typing: empty while the last text is on its way. */
export function textIn(field: Field): string {
  return field === null || onItsWay.has(field) ? '' : field.value;
}

/** @returns null when there is nothing to send */
export function sendFrom(field: Field): Sent | null {
  const text = textIn(field).trim();
  if (field === null || text === '') return null;
  const sent = { text };
  onItsWay.set(field, sent);
  return sent;
}

/** The till has taken it. What was typed or sent since stays. */
export function taken(field: Field, sent: Sent): void {
  if (field !== null && onItsWay.get(field) === sent) empty(field);
}

/** The text is still needed: it is the person's again, unless something newer stands there. */
export function giveBack(field: Field, sent: Sent): void {
  if (field !== null && onItsWay.get(field) === sent) onItsWay.delete(field);
}

/** Somebody types: what is on its way makes room. */
export function startAnew(field: Field): void {
  if (field !== null && onItsWay.has(field)) empty(field);
}

export function empty(field: Field): void {
  if (field === null) return;
  onItsWay.delete(field);
  field.value = '';
}
