/**
 * Other baud: what a serial port makes of bytes that were sent at another speed than it reads at.
 */

/** 8N1: a low start bit, eight bits from the lowest, a high stop bit. */
const BITS = 10;

/**
 * Samples the line as a UART does: from each falling edge, the middles of eight bits at its own speed. A stop bit that is low
 * is a byte all the same, as Linux hands it out.
 */
export function atOtherBaud(bytes: Uint8Array, sentBaud: number, readBaud: number): Uint8Array {
  const line = [...bytes].flatMap((byte) => [
    0,
    ...Array.from({ length: 8 }, (_, bit) => (byte >> bit) & 1),
    1,
  ]);
  /** Level at a time in bits of the sender; the line rests high. */
  const level = (at: number) => line[Math.floor(at)] ?? 1;
  const step = sentBaud / readBaud;
  const read: number[] = [];
  // A sixteenth of its bit is how finely a UART looks for the edge.
  for (let at = 0; at < line.length; at += step / 16) {
    if (level(at) === 1) continue;
    const bits = Array.from({ length: 8 }, (_, bit) => level(at + (bit + 1.5) * step));
    read.push(bits.reduce<number>((byte, one, bit) => byte | (one << bit), 0));
    at += (BITS - 0.5) * step;
    while (level(at) === 0 && at < line.length) at += step / 16;
  }
  return Uint8Array.from(read);
}
