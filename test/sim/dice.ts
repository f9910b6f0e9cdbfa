/**
 * Dice: all chance of a run comes from its seed, in streams of their own, so that one more draw here moves nothing there.
 */
import type { Chance } from '../../src/core/ports.ts';
import { seeded } from '../../src/tools/demo-world.ts';

export class Dice {
  private readonly draw: () => number;
  private readonly seed: number;

  constructor(seed: number) {
    this.seed = seed;
    this.draw = seeded(seed);
  }

  /** A stream of its own for `name`. */
  of(name: string): Dice {
    let hash = this.seed ^ 0x9e3779b9;
    for (const char of name) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
    return new Dice(hash >>> 0);
  }

  /** True in `percent` of 100 cases; tenths count. */
  chance(percent: number): boolean {
    return this.draw() * 100 < percent;
  }

  /** A whole number from `min` to `max`, both included. */
  int(min: number, max: number): number {
    return min + Math.floor(this.draw() * (max - min + 1));
  }

  pick<T>(things: readonly T[]): T {
    return things[this.int(0, things.length - 1)]!;
  }

  /** Random bytes as the shipping code asks for them. */
  port(): Chance {
    return { bytes: (count) => Uint8Array.from({ length: count }, () => this.int(0, 255)) };
  }
}
