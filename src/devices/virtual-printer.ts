/**
 * Virtual printer: takes the bytes a real one takes, and gives slips to look at, drawer pulses and answers.
 *
 * Pure: bytes in, what happened out. Out of paper or with its cover open it holds what it gets, like a real one, and
 * still answers DLE EOT. `attachVirtualPrinter` puts it at the end of a port.
 */
import type { BytePort } from '../core/ports.ts';
import { EscposDecoder } from './escpos-decode.ts';
import type { PrinterEvent } from './escpos-event.ts';
import { PageLayout } from './escpos-page.ts';
import { pageSvg } from './escpos-svg.ts';
import { pageText } from './escpos-text.ts';
import type { Page } from './paper.ts';
import { isHanEncoding, isStar, type PrinterProfile } from './printer-profile.ts';
import { proofAnswer, type StatusTopic, statusByte } from './printer-status.ts';

/** One piece of paper, cut off. */
export interface Slip {
  /** In columns of a fixed font, codes as `[QR data]`. */
  readonly text: string;
  /** A picture of it, safe inside an HTML page; drawn when read. */
  readonly svg: string;
}

export interface DrawerKick {
  readonly pin: 2 | 5;
  readonly onMs: number;
}

export interface PrinterOutput {
  readonly slips: readonly Slip[];
  readonly kicks: readonly DrawerKick[];
  /** For the till; empty when nothing was asked. */
  readonly reply: Uint8Array;
}

/** What hands do to a printer. */
export interface PrinterState {
  readonly paperEnd: boolean;
  readonly paperNearEnd: boolean;
  readonly coverOpen: boolean;
  /** A pulse opens the drawer; a hand closes it. */
  readonly drawerOpen: boolean;
}

export type VirtualPrinterProfile = Pick<PrinterProfile, 'columns' | 'encoding' | 'hasCutter' | 'command'>;

export class VirtualPrinter {
  readonly #profile: VirtualPrinterProfile;
  readonly #decoder: EscposDecoder;
  readonly #layout: PageLayout;
  #state: PrinterState = { paperEnd: false, paperNearEnd: false, coverOpen: false, drawerOpen: false };
  #autoStatus = false;
  /** Bytes that wait for paper. */
  #held: number[] = [];

  constructor(profile: VirtualPrinterProfile) {
    this.#profile = profile;
    const isHan = isHanEncoding(profile.encoding);
    this.#decoder = new EscposDecoder({
      hanAtStart: isHan,
      hanEncoding: isHan ? profile.encoding : 'gb18030',
      language: isStar(profile) ? 'star' : 'escpos',
    });
    this.#layout = new PageLayout(profile.columns * 12);
  }

  get state(): PrinterState {
    return this.#state;
  }

  feed(bytes: Uint8Array): PrinterOutput {
    if (!this.#isOffline()) return this.#print(bytes);
    this.#held.push(...bytes);
    return this.#answerWhileOffline();
  }

  /** New paper, a closed cover: what was held is printed. */
  setState(change: Partial<PrinterState>): PrinterOutput {
    this.#state = { ...this.#state, ...change };
    const status = this.#autoStatus ? this.#automaticStatus() : [];
    if (this.#isOffline()) return output([], [], status);
    const held = Uint8Array.from(this.#held);
    this.#held = [];
    const printed = this.#print(held);
    return { ...printed, reply: Uint8Array.of(...status, ...printed.reply) };
  }

  /** Tears off what is printed so far, for printers without a cutter and streams without a cut. */
  tearOff(): PrinterOutput {
    const flushed = this.#follow(this.#decoder.flush());
    return {
      ...flushed,
      slips: [...flushed.slips, ...this.#layout.takePage().map((page) => this.#slip(page))],
    };
  }

  #isOffline(): boolean {
    return this.#state.paperEnd || this.#state.coverOpen;
  }

  #print(bytes: Uint8Array): PrinterOutput {
    return this.#follow(this.#decoder.feed(bytes));
  }

  #follow(events: readonly PrinterEvent[]): PrinterOutput {
    const pages: Page[] = [];
    const kicks: DrawerKick[] = [];
    const reply: number[] = [];
    for (const event of events) {
      // Whoever prints on paper that nobody cuts begins with a reset: there the next slip starts.
      if (event.op === 'init' && !this.#profile.hasCutter) pages.push(...this.#layout.takePage());
      pages.push(...this.#layout.add(event));
      if (event.op === 'pulse') {
        kicks.push({ pin: event.m % 48 === 1 ? 5 : 2, onMs: event.t1 * 2 });
        this.#state = { ...this.#state, drawerOpen: true };
        if (this.#autoStatus) reply.push(...this.#automaticStatus());
      }
      reply.push(...this.#answer(event));
    }
    return output(
      pages.map((page) => this.#slip(page)),
      kicks,
      reply,
    );
  }

  #slip(page: Page): Slip {
    const traditional = this.#profile.encoding === 'big5';
    return {
      text: pageText(page),
      get svg() {
        return pageSvg(page, { traditional });
      },
    };
  }

  #answer(event: PrinterEvent): readonly number[] {
    const { paperEnd, paperNearEnd, drawerOpen } = this.#state;
    switch (event.op) {
      case 'status_request':
        return this.#status(event.n);
      case 'proof_request':
        return [...proofAnswer(event.id)];
      case 'transmit_status':
        // GS r: 1 paper (bits 0-1 near end, 2-3 end), 2 drawer (bit 0 pin 3).
        if (event.n % 48 === 1) return [(paperNearEnd ? 0x03 : 0) | (paperEnd ? 0x0c : 0)];
        return event.n % 48 === 2 ? [drawerOpen ? 1 : 0] : [];
      case 'auto_status':
        this.#autoStatus = event.n !== 0;
        return this.#autoStatus ? this.#automaticStatus() : [];
      default:
        return [];
    }
  }

  #status(topic: number): readonly number[] {
    if (topic < 1 || topic > 4) return [];
    const { paperEnd, paperNearEnd, coverOpen, drawerOpen } = this.#state;
    const status = {
      drawerPinHigh: drawerOpen,
      offline: this.#isOffline(),
      coverOpen,
      stoppedByPaperEnd: paperEnd,
      paperNearEnd: paperNearEnd || paperEnd,
      paperEnd,
    };
    return [statusByte(topic as StatusTopic, status)];
  }

  /** Four bytes of GS a: printer, errors, paper, nothing. */
  #automaticStatus(): number[] {
    const { paperEnd, paperNearEnd, coverOpen, drawerOpen } = this.#state;
    const printer = 0x10 | (drawerOpen ? 4 : 0) | (this.#isOffline() ? 8 : 0) | (coverOpen ? 0x20 : 0);
    return [printer, 0, (paperNearEnd ? 0x03 : 0) | (paperEnd ? 0x0c : 0), 0];
  }

  /** Real-time requests overtake what is held, and leave it. */
  #answerWhileOffline(): PrinterOutput {
    const reply: number[] = [];
    for (let at = 0; at + 2 < this.#held.length; at++) {
      if (this.#held[at] !== 0x10 || this.#held[at + 1] !== 0x04) continue;
      reply.push(...this.#status(this.#held[at + 2]!));
      this.#held.splice(at, 3);
      at--;
    }
    return output([], [], reply);
  }
}

function output(
  slips: readonly Slip[],
  kicks: readonly DrawerKick[],
  reply: readonly number[],
): PrinterOutput {
  return { slips, kicks, reply: Uint8Array.from(reply) };
}

/** Puts the printer at the device's end of a port: it reads, answers and tells `onOutput` what came out. */
export function attachVirtualPrinter(
  port: BytePort,
  printer: VirtualPrinter,
  onOutput: (output: PrinterOutput) => void,
): void {
  port.onData((bytes) => {
    const printed = printer.feed(bytes);
    // A till that hung up gets no answer; the next one asks again.
    if (printed.reply.length > 0) port.write(printed.reply).catch(() => {});
    if (printed.slips.length > 0 || printed.kicks.length > 0) onOutput(printed);
  });
}
