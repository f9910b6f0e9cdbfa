/**
 * A scan test: codes are shown on the device page and sell nothing.
 *
 * It ends by itself soon after the page stops asking: a page that was closed must not keep the till from selling.
 */
import type { ScanSetting } from '../core/barcode.ts';
import { reportOn } from '../core/code-report.ts';
import type { Clock } from '../core/ports.ts';
import type { HeardScan } from './api-devices.ts';

/** The page asks every second while it is open. */
const LEASE_MS = 5_000;
const HEARD_MAX = 10;

export class ScanTest {
  private readonly clock: Clock;
  private untilMs = 0;
  private list: readonly HeardScan[] = [];

  constructor(clock: Clock) {
    this.clock = clock;
  }

  get isOn(): boolean {
    return this.clock.monotonicMs() < this.untilMs;
  }

  get heard(): readonly HeardScan[] {
    return this.list;
  }

  turn(on: boolean): void {
    if (on && !this.isOn) this.list = [];
    this.untilMs = on ? this.clock.monotonicMs() + LEASE_MS : 0;
  }

  /** The page is there still. */
  keep(): void {
    if (this.isOn) this.turn(true);
  }

  /** @param scanner  which of the till's scanners; null: a keyboard wedge. @returns whether the test took the code */
  take(text: string, aim: string | null, scanner: number | null, setting: ScanSetting): boolean {
    if (!this.isOn) return false;
    const report = reportOn(`${aim ?? ''}${text}`, { ...setting, isPairingChecked: false });
    const isPrivate = report.kind === 'payment_code' || report.kind === 'card_number';
    const heard = {
      atMs: this.clock.nowMs(),
      text: isPrivate ? null : text.slice(0, 200),
      aim,
      kind: report.kind,
      scanner,
    };
    this.list = [heard, ...this.list].slice(0, HEARD_MAX);
    return true;
  }
}
