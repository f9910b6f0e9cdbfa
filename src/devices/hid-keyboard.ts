/**
 * HID keyboard: the boot reports of a scanner in keyboard mode as characters, for one that the till holds for itself.
 *
 * Pure. A report is 8 bytes: modifiers, 0, up to six keys that are down. A key counts when it was not down before. The
 * characters go through `Scanner` like those of a serial line. Layout: US, which is what scanners send by default.
 * Source: HID Usage Tables, page 0x07.
 */

const REPORT_BYTES = 8;
const SHIFT = 0x22;
const CTRL = 0x11;
/** More than six keys at once: the device says which no longer. */
const ROLL_OVER = 0x01;

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
/** Keys from 0x1E on, plain and with Shift. */
const SIGNS = ["1234567890\r\u001b\b\t -=[]\\#;'`,./", '!@#$%^&*()\r\u001b\b\t _+{}|~:"~<>?'] as const;
/** The number block from 0x54 on. */
const NUMBER_BLOCK = '/*-+\r1234567890.';

export class HidKeyboard {
  #half: number[] = [];
  #down: ReadonlySet<number> = new Set();

  /** @param bytes whole reports, or any part of their stream @returns the characters typed, CR for Enter */
  feed(bytes: Uint8Array): string {
    let text = '';
    for (const byte of bytes) {
      this.#half.push(byte);
      if (this.#half.length < REPORT_BYTES) continue;
      text += this.#read(this.#half);
      this.#half = [];
    }
    return text;
  }

  /** Half a report that stayed half is noise, and no key is down any more. */
  reset(): void {
    this.#half = [];
    this.#down = new Set();
  }

  #read([modifiers, , ...keys]: readonly number[]): string {
    if (keys.includes(ROLL_OVER)) return '';
    const down = new Set(keys.filter((key) => key !== 0));
    const typed = keys.filter((key) => key !== 0 && !this.#down.has(key));
    this.#down = down;
    return typed.map((key) => charOf(key, modifiers!)).join('');
  }
}

function charOf(key: number, modifiers: number): string {
  const shift = (modifiers & SHIFT) !== 0;
  const letter = key >= 0x04 && key <= 0x1d ? LETTERS[key - 0x04]! : null;
  const plain = letter ?? SIGNS[0][key - 0x1e] ?? NUMBER_BLOCK[key - 0x54] ?? '';
  // Ctrl with a letter or [ \ ] ^ _ is the control character of that column: Ctrl+] is GS.
  if ((modifiers & CTRL) !== 0) return controlOf(shift ? (SIGNS[1][key - 0x1e] ?? plain) : plain);
  if (!shift) return plain;
  return letter === null ? (SIGNS[1][key - 0x1e] ?? plain) : letter.toUpperCase();
}

function controlOf(char: string): string {
  const code = char.toUpperCase().charCodeAt(0);
  return code >= 0x40 && code <= 0x5f ? String.fromCharCode(code - 0x40) : '';
}
