/**
 * The shop's logo: `logo.png` in the till's folder, at the head of receipts.
 *
 * Looked for when a receipt is made, drawn anew when the file or the paper's width changed. What is no logo is said and left
 * out: no receipt waits for it, and none is lost.
 */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Result } from '../core/result.ts';
import type { LogoError, logoBitmap } from '../devices/logo.ts';
import type { Bitmap } from '../devices/raster-command.ts';

export interface LogoSource {
  /** @param widthDots  of the paper @returns null: there is none, or none that can be printed */
  bitmap(widthDots: number): Bitmap | null;
  /** Why the file that is there is not printed; null: it is, or there is none. */
  readonly problem: string | null;
}

/** More than any logo has, and little enough to be read while a receipt waits. */
const FILE_BYTES_MAX = 2_000_000;

export class LogoFile implements LogoSource {
  private readonly file: string;
  private readonly draw: typeof logoBitmap;
  private readonly log: (text: string) => void;
  private drawnOf = '';
  private drawn: Bitmap | null = null;
  problem: string | null = null;

  /** @param draw  `logoBitmap`, which a machine without the drawing library lacks */
  constructor(folder: string, draw: typeof logoBitmap, log: (text: string) => void) {
    this.file = path.join(folder, 'logo.png');
    this.draw = draw;
    this.log = log;
  }

  bitmap(widthDots: number): Bitmap | null {
    const stat = statSync(this.file, { throwIfNoEntry: false });
    const of = stat === undefined ? '' : `${stat.mtimeMs} ${stat.size} ${widthDots}`;
    if (of === this.drawnOf) return this.drawn;
    this.drawnOf = of;
    const result = stat === undefined ? null : this.read(stat.size, widthDots);
    this.drawn = result?.ok === true ? result.value : null;
    this.problem = result?.ok === false ? `logo.png: ${result.error.words}` : null;
    if (this.problem !== null) this.log(`printer: receipts have no logo: ${this.problem}`);
    return this.drawn;
  }

  private read(bytes: number, widthDots: number): Result<Bitmap, Pick<LogoError, 'words'>> {
    if (bytes > FILE_BYTES_MAX) {
      const words = `the file is too large (${bytes} bytes): two million are the limit`;
      return { ok: false, error: { words } };
    }
    try {
      return this.draw(new Uint8Array(readFileSync(this.file)), widthDots);
    } catch (cause) {
      return { ok: false, error: { words: (cause as Error).message } };
    }
  }
}
