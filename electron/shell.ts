/**
 * The shell: one instance, the till in a process of its own, its window, the customer's window, updates.
 */
import { createWriteStream, mkdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { sealedKey } from './key-safe.ts';
import type { ElectronPort, WindowPort } from './ports.ts';
import { type DesktopSettings, desktopSettings } from './settings.ts';
import type { FetchedUpdate } from './signed-feed.ts';
import { TillKeeper } from './till-keeper.ts';
import type { FromTill } from './till-link.ts';
import { type UpdaterPort, Updates } from './update.ts';
import { customerDisplay, harden, isOwn, permitNothing, windowOptions } from './windows.ts';

export interface ShellParts {
  readonly electron: ElectronPort;
  /** Loaded when it is first wanted; null: this build does not update itself. */
  readonly updater: () => Promise<UpdaterPort | null>;
  /** Why the publisher did not sign an update of this channel; null: the publisher did. */
  readonly updateFault: (channel: string, update: FetchedUpdate) => Promise<string | null>;
  readonly args: readonly string[];
  readonly random: (bytes: number) => Uint8Array;
  readonly nowMs: () => number;
  readonly after: (ms: number, run: () => void) => void;
}

const LOG_BYTES_MAX = 5_000_000;
const RELOAD_MS = 1_000;

export async function startShell(parts: ShellParts): Promise<void> {
  const { electron, args } = parts;
  const { app } = electron;
  // A second start shows the first: two tills on one folder would be two writers of one journal.
  if (!app.requestSingleInstanceLock()) return app.quit();
  app.enableSandbox();
  electron.crashReporter.start({ uploadToServer: false });
  const log = logTo(app.getPath('logs'));
  let settings: DesktopSettings;
  try {
    settings = desktopSettings(app.getPath('userData'), args);
  } catch (cause) {
    electron.dialog.showErrorBox('Counterfoil', (cause as Error).message);
    return app.exit(1);
  }
  await app.whenReady();
  new Shell(parts, settings, log).start();
}

class Shell {
  private readonly parts: ShellParts;
  private readonly settings: DesktopSettings;
  private readonly log: (text: string) => void;
  private readonly keeper: TillKeeper;
  private readonly token: string;
  private till: Extract<FromTill, { is: 'ready' }> | null = null;
  private window: WindowPort | null = null;
  private customer: WindowPort | null = null;
  private updates: Updates | null = null;
  private enrolled = false;
  private quitting = false;

  constructor(parts: ShellParts, settings: DesktopSettings, log: (text: string) => void) {
    this.parts = parts;
    this.settings = settings;
    this.log = log;
    // One for the whole run: a till that starts again is the same to its window.
    this.token = Buffer.from(parts.random(24)).toString('hex');
    this.keeper = new TillKeeper({
      fork: () =>
        parts.electron.utilityProcess.fork(fileURLToPath(new URL('./till-process.ts', import.meta.url)), [], {
          serviceName: 'Counterfoil till',
          stdio: 'ignore',
        }),
      start: () => this.startMessage(),
      onMessage: (message) => this.told(message),
      log,
      nowMs: parts.nowMs,
      after: parts.after,
    });
  }

  start(): void {
    const { electron } = this.parts;
    const { app } = electron;
    electron.Menu.setApplicationMenu(null);
    permitNothing(electron.session.defaultSession);
    app.on('web-contents-created', ((_event: unknown, contents: WindowPort['webContents']) =>
      harden(contents, (url) => this.isOwn(url), this.log)) as never);
    app.on('second-instance', () => this.showWindow());
    app.on('window-all-closed', () => this.quit());
    app.on('before-quit', ((event: { preventDefault(): void }) => {
      if (this.quitting) return;
      event.preventDefault();
      this.quit();
    }) as never);
    app.on('render-process-gone', ((
      _event: unknown,
      contents: WindowPort['webContents'],
      details: { readonly reason: string },
    ) => {
      this.log(`a window's process is gone (${details.reason}): it is loaded again`);
      // Not at once: a page that dies while it loads must not keep the machine busy.
      this.parts.after(RELOAD_MS, () => {
        if (!this.quitting) contents.reload();
      });
    }) as never);
    app.setLoginItemSettings({
      openAtLogin: this.settings.autostart,
      args: this.settings.kiosk ? ['--kiosk'] : [],
    });
    electron.powerSaveBlocker.start('prevent-display-sleep');
    try {
      this.keeper.start();
    } catch (cause) {
      this.fail((cause as Error).message);
    }
  }

  private startMessage() {
    const { folder, port, enrol } = this.settings;
    const { electron, random } = this.parts;
    mkdirSync(folder, { recursive: true });
    return {
      do: 'start' as const,
      folder,
      port,
      token: this.token,
      keyHex: sealedKey(folder, electron.safeStorage, random),
      // A code is good once: a till that starts again is one already.
      enrol: this.enrolled ? null : enrol,
    };
  }

  private told(message: FromTill): void {
    switch (message.is) {
      case 'ready':
        this.enrolled = true;
        this.till = message;
        this.openWindows();
        void this.startUpdates();
        return;
      case 'counter':
        this.updates?.counterIs(message);
        return;
      case 'log':
        this.log(message.text);
        return;
      case 'failed':
        this.fail(message.words);
    }
  }

  // ---- windows ----

  /** After a restart of the till the pages find it again by themselves: port and token are the same. */
  private openWindows(): void {
    const { electron } = this.parts;
    const { isPackaged } = electron.app;
    if (this.window === null) {
      const { kiosk } = this.settings;
      this.window = this.open(windowOptions({ kiosk, display: null }, isPackaged), this.till!.address);
      this.window.on('closed', () => {
        this.window = null;
        this.customer?.close();
      });
    }
    const display = this.settings.customerWindow ? customerDisplay(electron) : null;
    if (this.customer === null && display !== null) {
      this.customer = this.open(
        windowOptions({ kiosk: false, display }, isPackaged),
        this.till!.customerAddress,
      );
      this.customer.on('closed', () => {
        this.customer = null;
      });
    }
  }

  private open(options: ReturnType<typeof windowOptions>, address: string): WindowPort {
    const window = new this.parts.electron.BrowserWindow(options);
    window.once('ready-to-show', () => window.show());
    window.loadURL(address).catch((cause: Error) => this.log(`a window did not load: ${cause.message}`));
    return window;
  }

  private showWindow(): void {
    if (this.window === null) return;
    if (this.window.isMinimized()) this.window.restore();
    this.window.focus();
  }

  private isOwn(url: string): boolean {
    return this.till !== null && isOwn(url, [this.till.address]);
  }

  // ---- updates, and the end ----

  private async startUpdates(): Promise<void> {
    const { channel } = this.settings;
    if (this.updates !== null || channel === 'off' || !this.parts.electron.app.isPackaged) return;
    const updater = await this.parts.updater();
    if (updater === null || this.updates !== null) return;
    this.updates = new Updates({
      updater,
      channel,
      log: this.log,
      fault: (update) => this.parts.updateFault(updater.channel ?? 'latest', update),
      stopTill: async () => {
        this.quitting = true;
        await this.keeper.stop();
      },
      every: (ms, run) => {
        const again = () => {
          run();
          this.parts.after(ms, again);
        };
        this.parts.after(ms, again);
      },
    });
    this.updates.start();
  }

  private fail(words: string): void {
    this.log(words);
    this.parts.electron.dialog.showErrorBox('Counterfoil', words);
    this.quit();
  }

  private quit(): void {
    if (this.quitting) return;
    this.quitting = true;
    void this.keeper.stop().then(() => this.parts.electron.app.quit());
  }
}

/** One file, and the one before: a till runs for years. */
function logTo(folder: string): (text: string) => void {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'till.log');
  try {
    if (statSync(file).size > LOG_BYTES_MAX) renameSync(file, `${file}.1`);
  } catch {
    // There is none yet.
  }
  const stream = createWriteStream(file, { flags: 'a' });
  stream.on('error', () => {});
  return (text) => void stream.write(`${new Date().toISOString()} ${text}\n`);
}
