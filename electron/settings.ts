/**
 * Desktop settings: `desktop.json` beside the till's folder, and what the command line says over it.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface DesktopSettings {
  /** The till's data folder. */
  readonly folder: string;
  readonly port: number;
  /** Fills the screen, without a way out but Alt+F4. */
  readonly kiosk: boolean;
  /** The customer's window on the second display, where there is one. */
  readonly customerWindow: boolean;
  readonly autostart: boolean;
  /** Updates come from here; `off`: none are looked for. */
  readonly channel: 'stable' | 'beta' | 'off';
  readonly enrol: { readonly cloudUrl: string; readonly code: string } | null;
}

/** @throws Error in words: which setting, and what was expected */
export function desktopSettings(userData: string, args: readonly string[]): DesktopSettings {
  const file = path.join(userData, 'desktop.json');
  const kept = existsSync(file) ? readKept(file) : {};
  const given = argsOf(args);
  const text = (name: string, start: string) => oneOf(name, given[name] ?? kept[name] ?? start, 'string');
  const flag = (name: string, start: boolean) => oneOf(name, given[name] ?? kept[name] ?? start, 'boolean');
  const channel = text('channel', 'stable');
  if (channel !== 'stable' && channel !== 'beta' && channel !== 'off') {
    throw new Error(`channel is ${channel}: stable, beta or off was expected`);
  }
  const port = Number(given.port ?? kept.port ?? 4_610);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`port is ${given.port ?? kept.port}: a port was expected`);
  }
  const cloudUrl = given.cloud;
  const code = given.code;
  if ((cloudUrl === undefined) !== (code === undefined)) {
    throw new Error('--cloud URL and --code CODE go together: they make this machine a till');
  }
  return {
    folder: path.resolve(userData, text('folder', 'till') as string),
    port,
    kiosk: given.windowed === true ? false : (flag('kiosk', false) as boolean),
    customerWindow: flag('customerWindow', true) as boolean,
    autostart: flag('autostart', false) as boolean,
    channel,
    enrol: cloudUrl === undefined ? null : { cloudUrl: String(cloudUrl), code: String(code) },
  };
}

type Values = Readonly<Record<string, unknown>>;

function readKept(file: string): Values {
  let kept: unknown;
  try {
    kept = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Error(`${file} is no JSON (${(cause as Error).message}): put it right or take it away`, {
      cause,
    });
  }
  if (typeof kept !== 'object' || kept === null || Array.isArray(kept)) {
    throw new Error(`${file}: an object with settings was expected`);
  }
  return kept as Values;
}

function oneOf(name: string, value: unknown, type: 'string' | 'boolean'): unknown {
  if (typeof value === type) return value;
  throw new Error(`${name} is ${JSON.stringify(value)}: a ${type} was expected`);
}

/** `--kiosk`, `--folder PATH`, `--folder=PATH`; what Chromium is told passes by. */
function argsOf(args: readonly string[]): Values {
  const values: Record<string, unknown> = {};
  for (let at = 0; at < args.length; at++) {
    const match = /^--([a-z]+)(?:=(.*))?$/.exec(args[at]!);
    if (match === null) continue;
    const [, name, inline] = match;
    if (FLAGS.has(name!)) values[name!] = true;
    else if (WITH_VALUE.has(name!)) values[name!] = inline ?? args[++at];
  }
  return values;
}

const FLAGS: ReadonlySet<string> = new Set(['kiosk', 'windowed', 'autostart']);
const WITH_VALUE: ReadonlySet<string> = new Set(['folder', 'port', 'channel', 'cloud', 'code']);
