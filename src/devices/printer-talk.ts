/**
 * Talking with a printer: asks how it is and whether all is on paper, and makes sense of what comes back.
 *
 * A printer may answer late, in pieces, with noise or never: whoever asks gets an answer or null in a set time. What it
 * never answered on this line it is not asked again, so a printer that only listens costs one wait a line.
 */
import type { BytePort } from '../core/ports.ts';
import type { PrinterProfile } from './printer-profile.ts';
import {
  autoStatusRequest,
  beginsAutoStatus,
  isPaperAnswer,
  type PrinterStatus,
  paperRequest,
  parseAutoStatus,
  parseStatus,
  proofRequest,
  type StatusTopic,
  statusRequest,
  troubleOf,
} from './printer-status.ts';

export type PrinterVoice = Pick<PrinterProfile, 'status' | 'proof'>;

const AUTO_STATUS_BYTES = 4;
/** 37 22 id id id id 00. */
const PROOF_BYTES = 7;
const PROOF_LEAD = 0x37;

export class PrinterTalk {
  readonly #port: BytePort;
  readonly #voice: PrinterVoice;
  readonly #answerMs: number;
  #pending: number[] = [];
  #onStatusByte: ((byte: number) => boolean) | null = null;
  #onProof: ((id: string | null) => void) | null = null;
  /** The last automatic status. */
  #told: PrinterStatus | null = null;
  #onTold: () => void = () => {};
  /** Set by the owner: the printer told something by itself. */
  onStatus: (status: PrinterStatus) => void = () => {};
  #silent: boolean;
  #unproven: boolean;
  #hasProved = false;
  #hasAnswered = false;

  /** @param answerMs  how long one answer may take */
  constructor(port: BytePort, voice: PrinterVoice, answerMs: number) {
    this.#port = port;
    this.#voice = voice;
    this.#answerMs = answerMs;
    const oneWay = port.oneWay === true;
    this.#silent = oneWay || voice.status === 'none';
    this.#unproven = oneWay || voice.proof === 'none';
    port.onData((bytes) => {
      for (const byte of bytes) this.#pending.push(byte);
      this.#read();
    });
  }

  /** Whether it has told how it is, or may yet. */
  get tellsStatus(): boolean {
    return !this.#silent;
  }

  /** Whether it proves what it printed, or may yet. */
  get proves(): boolean {
    return !this.#unproven;
  }

  get hasProved(): boolean {
    return this.#hasProved;
  }

  /** Whether it has told its state on this line: if it falls silent now, it hangs or is gone. */
  get hasAnswered(): boolean {
    return this.#hasAnswered;
  }

  /**
   * How the printer is; null: it does not say.
   *
   * @param now  asked anew, where it has told by itself before: a printer that hangs tells nothing
   * @throws DeviceError when the line is gone
   */
  async status(now = false): Promise<PrinterStatus | null> {
    if (this.#silent) return null;
    if (this.#voice.status === 'asb' && !now) return this.#autoStatus();
    const printer = await this.#ask(1);
    if (printer === null) return null;
    const paper = await this.#ask(4);
    if (!printer.offline) return { ...printer, ...paper };
    return { ...printer, ...paper, ...(await this.#ask(2)), ...(await this.#ask(3)) };
  }

  /** It has not answered once: it is not asked again on this line. */
  giveUpStatus(): void {
    this.#silent = true;
  }

  giveUpProof(): void {
    this.#unproven = true;
  }

  /**
   * Asks for a sign that all sent before is on paper.
   *
   * @param id  four characters 0x20-0x7E
   * @returns   `done` resolves when the sign has come; `forget` ends the waiting
   */
  async askProof(id: string): Promise<{ readonly done: Promise<void>; forget(): void }> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onProof = (answered) => {
      if (answered !== null && answered !== id) return;
      this.#onProof = null;
      this.#hasProved = true;
      resolve();
    };
    await this.#port.write(this.#voice.proof === 'gs_h' ? proofRequest(id) : paperRequest());
    return {
      done: promise,
      forget: () => {
        this.#onProof = null;
      },
    };
  }

  async #ask(topic: StatusTopic): Promise<PrinterStatus | null> {
    const { promise, resolve } = Promise.withResolvers<PrinterStatus | null>();
    this.#onStatusByte = (byte) => {
      const parsed = parseStatus(topic, byte);
      if (parsed.ok) {
        this.#hasAnswered = true;
        resolve(parsed.value);
      }
      return parsed.ok;
    };
    const limit = setTimeout(() => {
      // What waits is the half of an answer, or noise that looked like the beginning of one.
      this.#pending = [];
      resolve(null);
    }, this.#answerMs);
    try {
      await this.#port.write(statusRequest(topic));
      return await promise;
    } finally {
      clearTimeout(limit);
      this.#onStatusByte = null;
    }
  }

  async #autoStatus(): Promise<PrinterStatus | null> {
    if (this.#told !== null) return this.#told;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onTold = resolve;
    const limit = setTimeout(resolve, this.#answerMs);
    await this.#port.write(autoStatusRequest());
    await promise;
    clearTimeout(limit);
    return this.#told;
  }

  #read(): void {
    while (this.#pending.length > 0) {
      const taken = this.#readOne();
      if (taken === 0) return;
      this.#pending.splice(0, taken);
    }
  }

  /** @returns bytes taken; 0: more are needed */
  #readOne(): number {
    const [lead] = this.#pending;
    if (lead === PROOF_LEAD) return this.#readProof();
    if (beginsAutoStatus(lead!) && this.#voice.status === 'asb') {
      if (this.#pending.length < AUTO_STATUS_BYTES) return 0;
      const parsed = parseAutoStatus(this.#pending.slice(0, AUTO_STATUS_BYTES));
      if (!parsed.ok) return 1;
      this.#told = parsed.value;
      this.#hasAnswered = true;
      this.#onTold();
      this.onStatus(parsed.value);
      return AUTO_STATUS_BYTES;
    }
    if (this.#onStatusByte?.(lead!) === true) {
      this.#onStatusByte = null;
      return 1;
    }
    if (this.#voice.proof === 'gs_r' && isPaperAnswer(lead!)) this.#onProof?.(null);
    return 1;
  }

  #readProof(): number {
    if (this.#pending.length < PROOF_BYTES) {
      const second = this.#pending[1];
      return second === undefined || second === 0x22 ? 0 : 1;
    }
    if (this.#pending[1] !== 0x22 || this.#pending[6] !== 0) return 1;
    if (this.#voice.proof === 'gs_h') {
      this.#onProof?.(String.fromCharCode(...this.#pending.slice(2, 6)));
    }
    return PROOF_BYTES;
  }
}

/** What stops the printer now; null: nothing, or it does not say. */
export async function troubleNow(talk: PrinterTalk) {
  const status = await talk.status(true);
  return { status, trouble: status === null ? null : troubleOf(status) };
}
