/**
 * Virtual pole display: takes the bytes a real one takes, and tells what stands on it.
 *
 * Pure. Both languages at once: they share no command that means two things.
 */
import { decodeBytes, decodePage, EPSON_CODE_PAGES } from './code-page.ts';
import { isHanEncoding, type PrinterEncoding } from './printer-profile.ts';

export class VirtualDisplay {
  readonly #columns: number;
  readonly #encoding: PrinterEncoding;
  #cells: number[][];
  #at = { column: 0, line: 0 };
  #pending: number[] = [];
  #page = 0;

  constructor(columns = 20, encoding: PrinterEncoding = 'cp437') {
    this.#columns = columns;
    this.#encoding = encoding;
    this.#cells = blank(columns);
  }

  /** Upper and lower line. */
  get lines(): readonly [string, string] {
    const [upper, lower] = this.#cells.map((cells) => this.#decode(Uint8Array.from(cells)));
    return [upper!, lower!];
  }

  feed(bytes: Uint8Array): void {
    for (const byte of bytes) {
      this.#pending.push(byte);
      if (this.#take()) this.#pending = [];
    }
  }

  /** @returns whether the pending bytes were one whole command or character */
  #take(): boolean {
    const [lead, second, third, fourth] = this.#pending;
    if (lead === 0x1b) return this.#escape(second, third);
    if (lead === 0x1f) {
      if (second === 0x24) {
        if (fourth === undefined) return false;
        this.#at = { column: third! - 1, line: fourth - 1 };
        return true;
      }
      return second === 0x43 ? third !== undefined : second !== undefined;
    }
    if (lead === 0x0c) this.#clear();
    else if (lead! >= 0x20) this.#put(lead!);
    return true;
  }

  #escape(second: number | undefined, third: number | undefined): boolean {
    if (second === undefined) return false;
    if (second === 0x40) {
      this.#clear();
      return true;
    }
    // ESC Q A or B, text, CR.
    if (second === 0x51) {
      if (this.#pending.at(-1) !== 0x0d || third === undefined) return false;
      this.#cells[third === 0x41 ? 0 : 1] = this.#pending
        .slice(3, -1)
        .concat(Array(this.#columns).fill(0x20))
        .slice(0, this.#columns);
      return true;
    }
    if (third === undefined) return false;
    if (second === 0x74) this.#page = third;
    return true;
  }

  #put(byte: number): void {
    const { column, line } = this.#at;
    const cells = this.#cells[line];
    if (cells !== undefined && column < this.#columns) cells[column] = byte;
    this.#at = { column: column + 1, line };
  }

  #clear(): void {
    this.#cells = blank(this.#columns);
    this.#at = { column: 0, line: 0 };
  }

  #decode(bytes: Uint8Array): string {
    return isHanEncoding(this.#encoding)
      ? decodeBytes(bytes, this.#encoding)
      : decodePage(bytes, this.#page, EPSON_CODE_PAGES);
  }
}

function blank(columns: number): number[][] {
  return [0, 1].map(() => Array<number>(columns).fill(0x20));
}
