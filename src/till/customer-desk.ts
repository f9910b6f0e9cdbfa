/**
 * The customer's side of the counter: tells pole display and second screen what is being sold. Nothing waits for either.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { qrSvg } from '../devices/qr-svg.ts';
import type { CustomerView } from './api-customer.ts';
import type { Counter } from './counter.ts';
import { customerViewOf, poleLinesOf } from './customer-view.ts';

/** A picture for when nobody is served: put into the till's folder by hand. */
const IDLE_PICTURES = ['customer-idle.png', 'customer-idle.jpg', 'customer-idle.webp'] as const;

export class CustomerDesk {
  private readonly counter: Counter;
  private readonly screens = new Set<(view: CustomerView) => void>();
  private due = false;
  private qr: { readonly text: string; readonly svg: string | null } = { text: '', svg: null };

  constructor(counter: Counter) {
    this.counter = counter;
    counter.till.watch(() => this.changed());
    this.changed();
  }

  view(): CustomerView {
    const { payQr } = this.counter.till.devices.settings.customerScreen;
    if (this.qr.text !== payQr) this.qr = { text: payQr, svg: qrSvg(payQr) };
    return customerViewOf(this.counter.view(), {
      payQrSvg: this.qr.svg,
      hasIdlePicture: this.idlePicture() !== null,
    });
  }

  /** File of the picture; null: there is none. */
  idlePicture(): string | null {
    const { folder } = this.counter.till.config;
    const files = IDLE_PICTURES.map((name) => path.join(folder, name));
    return files.find((file) => existsSync(file)) ?? null;
  }

  /** @returns what ends it */
  watch(screen: (view: CustomerView) => void): () => void {
    this.screens.add(screen);
    screen(this.view());
    return () => void this.screens.delete(screen);
  }

  /** Many changes of one turn are one picture, and without anybody to see it there is none. */
  private changed(): void {
    const { till } = this.counter;
    if (this.due || (this.screens.size === 0 && !till.devices.hasPole)) return;
    this.due = true;
    setImmediate(() => {
      this.due = false;
      till.byItself('customer display', () => {
        const view = this.view();
        if (till.devices.hasPole) till.devices.showPole(poleLinesOf(view));
        for (const screen of this.screens) screen(view);
      });
    });
  }
}
