/**
 * Fields: putting text into the field that has the focus as if it had been typed, so that the page hears of it.
 */

export interface FieldBefore {
  /** As it was. */
  restore(): void;
}

/** The field with the focus and what stands in it now; null: the focus is in none. */
export function fieldNow(): FieldBefore | null {
  const field = document.activeElement;
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return null;
  const { value } = field;
  return { restore: () => setField(field, value) };
}

/** Puts the code into the field with the focus and sends it, as a scanner without a prefix does. */
export function enterIntoField(code: string): void {
  const field = document.activeElement;
  if (!(field instanceof HTMLInputElement)) return;
  setField(field, code);
  // The page hears of the text first, and sends what it then knows.
  setTimeout(() => {
    if (field.form === null) {
      field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
    } else field.form.requestSubmit();
  });
}

/** Types at the cursor. */
export function typeIntoField(text: string): void {
  const field = document.activeElement;
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return;
  const { selectionStart, selectionEnd, value } = field;
  const from = selectionStart ?? value.length;
  setField(field, value.slice(0, from) + text + value.slice(selectionEnd ?? from));
  if (selectionStart !== null) field.setSelectionRange(from + text.length, from + text.length);
}

/** React keeps the last value it knows on the element: only the element's own setter makes the event count. */
function setField(field: HTMLInputElement | HTMLTextAreaElement, value: string): void {
  const type = field instanceof HTMLInputElement ? HTMLInputElement : HTMLTextAreaElement;
  Object.getOwnPropertyDescriptor(type.prototype, 'value')!.set!.call(field, value);
  field.dispatchEvent(new Event('input', { bubbles: true }));
}
