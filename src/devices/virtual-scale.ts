/**
 * Virtual scale: answers as a real one does, in any of the languages that `scale.ts` reads.
 *
 * Pure: bytes in, bytes out.
 */
import { type ScaleProtocol, weightRequest } from './scale.ts';

export interface ScalePan {
  /** 0: nothing lies on it. */
  readonly weightG: number;
  /** Somebody's hand is on it still. */
  readonly moving: boolean;
}

/** 15 kg: what a checkout scale bears. */
export const SCALE_MAX_G = 15_000;

export class VirtualScale {
  readonly #protocol: () => ScaleProtocol;
  #pan: ScalePan = { weightG: 0, moving: false };
  #line = '';

  /** @param protocol  asked anew at each question: the till may be set to another */
  constructor(protocol: () => ScaleProtocol) {
    this.#protocol = protocol;
  }

  get pan(): ScalePan {
    return this.#pan;
  }

  put(change: Partial<ScalePan>): void {
    this.#pan = { ...this.#pan, ...change };
  }

  /** @returns the answers to the questions that these bytes complete */
  feed(bytes: Uint8Array): Uint8Array {
    this.#line += new TextDecoder('latin1').decode(bytes);
    const question = new TextDecoder().decode(weightRequest(this.#protocol()));
    let answers = '';
    for (let at = this.#line.indexOf(question); at >= 0; at = this.#line.indexOf(question)) {
      this.#line = this.#line.slice(at + question.length);
      answers += this.#answer();
    }
    this.#line = this.#line.slice(-question.length);
    return new TextEncoder().encode(answers);
  }

  #answer(): string {
    const { weightG, moving } = this.#pan;
    const kg = (weightG / 1_000).toFixed(3);
    const over = weightG > SCALE_MAX_G;
    switch (this.#protocol()) {
      case 'toledo-8217': {
        // Weight only at rest; else a status byte: bit 0 motion, 1 over capacity, 4 centre of zero.
        if (!moving && !over && weightG > 0) return `\x02${kg.padStart(6, '0')}\r`;
        const status = 0x40 | (moving ? 1 : 0) | (over ? 2 : 0) | (weightG === 0 ? 0x10 : 0);
        return `\x02?${String.fromCharCode(status)}\r`;
      }
      case 'cas':
        if (over) return 'OL,GS,+        kg\r\n';
        return `${moving ? 'US' : 'ST'},GS,+${kg.padStart(8)}kg\r\n`;
      case 'mt-sics':
        return over ? 'S +\r\n' : `S ${moving ? 'D' : 'S'} ${kg.padStart(10)} kg\r\n`;
    }
  }
}
