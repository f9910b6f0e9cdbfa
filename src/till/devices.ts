/**
 * The till's devices: which are there, what each is used for, and how it is.
 *
 * Every device has a line of its own, kept open beside the sale: nothing here is ever waited for by a basket or a payment.
 * Drivers with native code run in processes of their own (native/hosted). What the device page changes holds at once.
 */
import type { Clock } from '../core/ports.ts';
import type { Result } from '../core/result.ts';
import { DISPLAY_DEFAULTS } from '../devices/display.ts';
import type { Scan } from '../devices/ports.ts';
import type { PrinterProfile } from '../devices/printer-profile.ts';
import type { PollLimits, StableWeight } from '../devices/scale-poller.ts';
import type { ScannerConfig } from '../devices/scanner.ts';
import type { CardTerminal, WalletGateway } from '../devices/terminal.ts';
import type {
  DeviceCard,
  DeviceRole,
  DeviceSetting,
  DeviceState,
  DevicesView,
  FoundDevice,
  ScaleWhy,
} from './api-devices.ts';
import { type DeviceSettings, NO_DEVICES, type PortRole, profileOf } from './device-settings.ts';
import type { Opener } from './held-port.ts';
import { PoleLine, type PoleLines } from './pole-line.ts';
import { ScaleLine } from './scale-line.ts';
import { ScanLine } from './scan-line.ts';
import type { Spool } from './spool.ts';

/** What a till is given instead of a bench: devices that stay as they are. */
export interface FixedDevices {
  readonly openScanner: Opener | null;
  readonly scanner: Partial<ScannerConfig>;
  readonly openPrinter: Opener | null;
  readonly printer: PrinterProfile;
  readonly terminal?: CardTerminal | null;
  readonly wallets?: WalletGateway | null;
}

/** Where devices come from and where their settings are kept; tests and tools do without. */
export interface DeviceBench {
  /** @throws Error in words when the address is of no form that the role takes */
  opener(role: PortRole, address: string): Opener | null;
  terminal(address: string): CardTerminal | null;
  wallets(address: string): WalletGateway | null;
  discover(): Promise<{ readonly found: readonly FoundDevice[]; readonly hidWhy: string | null }>;
  readonly settings: DeviceSettings;
  /** How long a weight is waited for; not given: as long as a cashier waits. */
  readonly weighing?: PollLimits;
  /** Why the kept settings were not used. */
  readonly problem: string | null;
  /** Set on the command line: not to be changed by the page. */
  readonly fixed: ReadonlySet<DeviceRole>;
  save(settings: DeviceSettings): void;
}

export interface DevicesParts {
  readonly fixed: FixedDevices;
  readonly bench: DeviceBench | null;
  readonly clock: Clock;
  readonly onScan: (scan: Scan, scanner: number) => void;
  readonly onGarbage: () => void;
  readonly onChange: () => void;
}

export class Devices {
  private readonly parts: DevicesParts;
  private spool: Spool | null = null;
  private started = false;
  private scanners: ScanLine[];
  private scale: ScaleLine;
  private pole: PoleLine;
  private poleWants: PoleLines | null = null;
  settings: DeviceSettings;
  profile: PrinterProfile;
  openPrinter: Opener | null;
  terminal: CardTerminal | null;
  wallets: WalletGateway | null;

  constructor(parts: DevicesParts) {
    const { fixed, bench } = parts;
    this.parts = parts;
    this.settings = bench?.settings ?? NO_DEVICES;
    this.profile = bench === null ? fixed.printer : profileOf(this.settings);
    this.openPrinter = bench === null ? fixed.openPrinter : this.opener('printer');
    this.terminal = fixed.terminal ?? bench?.terminal(this.settings.terminal.address) ?? null;
    this.wallets = fixed.wallets ?? bench?.wallets(this.settings.terminal.address) ?? null;
    this.scanners = this.makeScanners();
    this.scale = this.makeScale();
    this.pole = this.makePole();
  }

  /** The spool is the printer's line; it is made by the till, which knows what to print. */
  attach(spool: Spool): void {
    this.spool = spool;
  }

  start(): void {
    this.started = true;
    for (const line of [...this.scanners, this.scale, this.pole]) void line.start();
  }

  async stop(): Promise<void> {
    this.started = false;
    await Promise.all([...this.scanners, this.scale, this.pole].map((line) => line.stop()));
  }

  /** Devices that are gone are tried now, not in their own time. */
  retry(): void {
    if (!this.started) return;
    for (const line of [...this.scanners, this.scale, this.pole]) void line.start();
    this.spool?.poke();
  }

  // ---- what they are used for ----

  weigh(): Promise<Result<StableWeight, { readonly kind: ScaleWhy }>> {
    return this.scale.weigh();
  }

  /** What the customer is to read on the pole display. */
  showPole(lines: PoleLines): void {
    this.poleWants = lines;
    this.pole.show(lines);
  }

  get hasPole(): boolean {
    return this.settings.display.address !== 'none';
  }

  get poleShown(): readonly [string, string] | null {
    return this.pole.shown;
  }

  /** Whether the drawer is open; null: its sensor says nothing, or what it says was never learned. */
  get drawerOpen(): boolean | null {
    const { openLevel } = this.settings.drawer;
    const high = this.spool?.drawerPinHigh ?? null;
    return openLevel === null || high === null ? null : high === (openLevel === 'high');
  }

  // ---- setting them up ----

  /** Sets a role up: kept first, then used. @throws Error in words when the address is none, or the disk takes nothing */
  set(device: DeviceSetting): void {
    const { bench } = this.parts;
    if (bench === null) throw new Error('this till has no device page');
    const settings = withSetting(this.settings, device);
    if (device.role !== 'drawer' && device.role !== 'customer_screen') {
      const address = device.setting === null ? 'none' : device.setting.address;
      bench.opener(device.role, address);
    }
    bench.save(settings);
    this.settings = settings;
    this.use(device.role);
    this.parts.onChange();
  }

  private use(role: DeviceRole): void {
    const { bench } = this.parts;
    switch (role) {
      case 'scanner': {
        const before = this.scanners;
        this.scanners = this.makeScanners();
        this.replace(before, this.scanners);
        return;
      }
      case 'printer':
      case 'drawer':
        this.profile = profileOf(this.settings);
        this.openPrinter = this.opener('printer');
        this.spool?.rebind(this.openPrinter, this.profile);
        return;
      case 'scale': {
        const before = this.scale;
        this.scale = this.makeScale();
        this.replace([before], [this.scale]);
        return;
      }
      case 'display': {
        const before = this.pole;
        this.pole = this.makePole();
        if (this.poleWants !== null) this.pole.show(this.poleWants);
        this.replace([before], [this.pole]);
        return;
      }
      case 'terminal':
        this.terminal = bench!.terminal(this.settings.terminal.address);
        this.wallets = bench!.wallets(this.settings.terminal.address);
        return;
      case 'customer_screen':
        return;
    }
  }

  /** The old line lets go of its port before the new one takes it: it may be the same. */
  private replace(
    before: readonly { stop(): Promise<void> }[],
    after: readonly { start(): Promise<void> }[],
  ): void {
    void Promise.all(before.map((line) => line.stop())).then(() => {
      if (this.started) for (const line of after) void line.start();
    });
  }

  // ---- how they are ----

  get scanner(): { readonly state: 'ready' | 'absent' | 'none'; readonly detail: string | null } {
    const states = this.scanners.map(({ state }) => state);
    const gone = states.find(({ state }) => state === 'absent');
    if (gone !== undefined) return { state: 'absent', detail: gone.detail };
    return { state: states.some(({ state }) => state === 'ready') ? 'ready' : 'none', detail: null };
  }

  view(): DevicesView {
    const troubled = this.cards()
      .filter(({ state }) => state === 'absent' || state === 'stopped')
      .map(({ role }) => role);
    return {
      scale: this.scale.state.state,
      drawerOpen: this.drawerOpen,
      troubled: [...new Set(troubled)],
      wedges: this.settings.scanners
        .filter(({ address, prefix }) => address === 'keyboard' && prefix !== '')
        .map(({ prefix, suffix }) => ({ prefix, suffix })),
    };
  }

  cards(): DeviceCard[] {
    const fixed = this.parts.bench?.fixed ?? new Set<DeviceRole>();
    const card = (
      role: DeviceRole,
      is: { state: DeviceState; detail: string | null; words: string | null },
      index = 0,
    ): DeviceCard => ({ role, index, ...is, fixed: fixed.has(role) });
    const scanners = this.scanners.map(({ state }, index) => {
      // Whether a keyboard is plugged in is the system's to know.
      const types = this.settings.scanners[index]?.address === 'keyboard';
      return card('scanner', types ? { ...NO_DEVICE, state: 'ready' } : state, index);
    });
    return [
      ...(scanners.length === 0 ? [card('scanner', NO_DEVICE)] : scanners),
      card('printer', this.printerState()),
      card('drawer', this.drawerState()),
      card('scale', this.scale.state),
      card('display', this.pole.state),
      card('customer_screen', NO_DEVICE),
      card('terminal', this.terminal === null ? NO_DEVICE : { ...NO_DEVICE, state: 'ready' }),
    ];
  }

  private printerState() {
    const { spool } = this;
    if (spool === null) return NO_DEVICE;
    const { state, detail } = spool.state;
    return {
      state: state === 'printing' ? ('busy' as const) : state,
      detail,
      words: spool.troubleWords,
    };
  }

  private drawerState() {
    const { state } = this.printerState();
    return { ...NO_DEVICE, state: state === 'busy' || state === 'stopped' ? ('ready' as const) : state };
  }

  // ---- made from the settings ----

  private opener(role: Exclude<PortRole, 'scanner' | 'terminal'>): Opener | null {
    return this.parts.bench!.opener(role, this.settings[role].address);
  }

  private makeScanners(): ScanLine[] {
    const { fixed, bench, clock, onGarbage, onChange } = this.parts;
    const line = (open: Opener | null, config: Partial<ScannerConfig>, index: number) =>
      new ScanLine({
        open,
        config,
        clock,
        onScan: (scan) => this.parts.onScan(scan, index),
        onGarbage,
        onChange,
      });
    if (bench === null) return [line(fixed.openScanner, fixed.scanner, 0)];
    return this.settings.scanners.map(({ address, prefix, suffix }, index) =>
      line(bench.opener('scanner', address), { prefix, suffix }, index),
    );
  }

  private makeScale(): ScaleLine {
    const { protocol, unit } = this.settings.scale;
    const open = this.parts.bench === null ? null : this.opener('scale');
    const { bench, onChange } = this.parts;
    const limits = bench?.weighing;
    return new ScaleLine({
      open,
      config: { protocol, unit },
      onChange,
      ...(limits === undefined ? {} : { limits }),
    });
  }

  private makePole(): PoleLine {
    const { language, columns, encoding } = this.settings.display;
    const open = this.parts.bench === null ? null : this.opener('display');
    const profile = { ...DISPLAY_DEFAULTS, language, columns, encoding };
    return new PoleLine({ open, profile, onChange: this.parts.onChange });
  }
}

const NO_DEVICE: { state: DeviceState; detail: string | null; words: string | null } = {
  state: 'none',
  detail: null,
  words: null,
};

/** The settings with one role set up anew. A scanner that is `null` goes; one past the last is added. */
export function withSetting(settings: DeviceSettings, device: DeviceSetting): DeviceSettings {
  switch (device.role) {
    case 'scanner': {
      const { index, setting } = device;
      const scanners =
        setting === null
          ? settings.scanners.filter((_, at) => at !== index)
          : [...settings.scanners.slice(0, index), setting, ...settings.scanners.slice(index + 1)];
      return { ...settings, scanners };
    }
    case 'customer_screen':
      return { ...settings, customerScreen: device.setting };
    default:
      return { ...settings, [device.role]: device.setting } as DeviceSettings;
  }
}
