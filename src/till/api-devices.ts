/**
 * The device page's part of TillApi: what is plugged in, what it is used for, and how it is.
 *
 * Types only, as in `api.ts`.
 */
import type { TillView } from './api.ts';

export type DeviceRole =
  | 'scanner'
  | 'printer'
  | 'drawer'
  | 'scale'
  | 'display'
  | 'customer_screen'
  | 'terminal';

/** How one device is. `stopped`: a person has to put something right at it. */
export type DeviceState = 'none' | 'ready' | 'busy' | 'stopped' | 'absent';

export interface ScannerSetting {
  readonly address: string;
  readonly prefix: string;
  readonly suffix: string;
}

export interface PrinterSetting {
  readonly address: string;
  readonly profile: string;
  readonly encoding: string | null;
  readonly columns: number | null;
}

export interface DrawerSetting {
  readonly pin: 2 | 5 | null;
  readonly openLevel: 'high' | 'low' | null;
}

export interface ScaleSetting {
  readonly address: string;
  readonly protocol: 'toledo-8217' | 'cas' | 'mt-sics';
  readonly unit: 'g' | 'kg' | 'lb' | 'oz';
}

export interface DisplaySetting {
  readonly address: string;
  readonly language: 'escpos' | 'cd5220';
  readonly columns: number;
  readonly encoding: string;
}

export interface CustomerScreenSetting {
  readonly payQr: string;
}

export interface TerminalSetting {
  readonly address: string;
}

/** What one role is set to. `index` counts scanners; one past the last adds one. */
export type DeviceSetting =
  | { readonly role: 'scanner'; readonly index: number; readonly setting: ScannerSetting | null }
  | { readonly role: 'printer'; readonly setting: PrinterSetting }
  | { readonly role: 'drawer'; readonly setting: DrawerSetting }
  | { readonly role: 'scale'; readonly setting: ScaleSetting }
  | { readonly role: 'display'; readonly setting: DisplaySetting }
  | { readonly role: 'customer_screen'; readonly setting: CustomerScreenSetting }
  | { readonly role: 'terminal'; readonly setting: TerminalSetting };

export interface DeviceCard {
  readonly role: DeviceRole;
  /** Of scanners; 0 else. */
  readonly index: number;
  readonly state: DeviceState;
  /** Stable kind of the trouble: `not_found`, `port_taken`, `paper_end` … */
  readonly detail: string | null;
  /** In the driver's words, for who sets it up. */
  readonly words: string | null;
  /** Given on the command line: the page cannot change it. */
  readonly fixed: boolean;
}

/** Something plugged in that nobody uses yet, or that a role holds. */
export interface FoundDevice {
  /** What a setting takes. */
  readonly address: string;
  readonly name: string;
  /** What it says it is, where it says so. */
  readonly suits: readonly DeviceRole[];
  readonly usedBy: DeviceRole | null;
}

/** A code that came in during a scan test. Payment codes and card numbers are told by their kind alone. */
export interface HeardScan {
  readonly atMs: number;
  readonly text: string | null;
  readonly aim: string | null;
  readonly kind: string;
  readonly scanner: number | null;
}

export interface DeviceBoard {
  readonly settings: {
    readonly scanners: readonly ScannerSetting[];
    readonly printer: PrinterSetting;
    readonly drawer: DrawerSetting;
    readonly scale: ScaleSetting;
    readonly display: DisplaySetting;
    readonly customerScreen: CustomerScreenSetting;
    readonly terminal: TerminalSetting;
  };
  /** Why `devices.json` was not used, or the shop's logo is not printed; null: neither is so. */
  readonly problem: string | null;
  readonly cards: readonly DeviceCard[];
  readonly found: readonly FoundDevice[];
  /** Why HID devices cannot be listed here. */
  readonly hidWhy: string | null;
  readonly scannersMax: number;
  readonly profiles: readonly {
    readonly id: string;
    readonly columns: number;
    readonly encoding: string;
    readonly command: string;
  }[];
  readonly encodings: readonly string[];
  /** A scan test is on: codes are shown here and sell nothing. */
  readonly scanTest: boolean;
  readonly heard: readonly HeardScan[];
  readonly drawerOpen: boolean | null;
  /** What stands on the pole display now. */
  readonly shown: readonly [string, string] | null;
  /** Address of the customer's page, for a second screen. */
  readonly customerAddress: string | null;
}

/** `silent`, `nonsense`, `moving`, `empty`, `over_capacity`, `under_zero`, `gone`; `none`: this till has no scale. */
export type ScaleWhy =
  | 'silent'
  | 'nonsense'
  | 'moving'
  | 'empty'
  | 'over_capacity'
  | 'under_zero'
  | 'gone'
  | 'none';

export interface Weighed {
  readonly weightG: number;
  /** As the scale shows it. */
  readonly text: string;
  readonly net: boolean;
}

/** The small part that every view holds. */
export interface DevicesView {
  readonly scale: DeviceState;
  /** Null: nobody knows. */
  readonly drawerOpen: boolean | null;
  /** Roles with a trouble that somebody should look at. */
  readonly troubled: readonly DeviceRole[];
  /** Scanners that type into the page and can be told from a person by what they send first. */
  readonly wedges: readonly { readonly prefix: string; readonly suffix: string }[];
}

type Nothing = Record<string, never>;

export interface DeviceCalls {
  /** `look`: lists what is plugged in anew. */
  deviceBoard(params: { look?: boolean }): Promise<DeviceBoard>;
  /** Sets one role up, at once and for good. */
  setDevice(params: { device: DeviceSetting; approvalId?: string }): Promise<DeviceBoard>;
  /** A test slip, or test words on the pole display. */
  testDevice(params: { role: 'printer' | 'display' }): Promise<DeviceBoard>;
  /** While it is on, codes are shown on the page and sell nothing. It ends by itself when the page asks no more. */
  scanTest(params: { on: boolean }): Promise<DeviceBoard>;
  /** A wedge's code, typed into the page during a scan test. */
  heardScan(params: { text: string }): Promise<DeviceBoard>;
  /** The drawer is open (or shut) now: what its sensor says now is learned. */
  learnDrawer(params: { open: boolean; approvalId?: string }): Promise<DeviceBoard>;
  /** The stable weight on the scale; `scale` errors say what is in the way. */
  weigh(params: Nothing): Promise<Weighed>;
  /** Tries all devices that are gone again now. */
  retryDevices(params: Nothing): Promise<TillView>;
}
