/** The desktop shell on a stand-in for Electron: what it asks of the real one, and what it never lets through. */
import { EventEmitter } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { sealedKey } from '../../electron/key-safe.ts';
import type { ElectronPort, WindowOptions } from '../../electron/ports.ts';
import { desktopSettings } from '../../electron/settings.ts';
import { startShell } from '../../electron/shell.ts';
import { RESTART_MS_MAX, TillKeeper } from '../../electron/till-keeper.ts';
import type { ToTill } from '../../electron/till-link.ts';
import { Updates } from '../../electron/update.ts';
import { withFolder } from '../kit/folder.ts';
import { until } from '../kit/until.ts';

const ADDRESS = 'http://127.0.0.1:4610/#token=aa';
const READY = { is: 'ready', address: ADDRESS, customerAddress: 'http://127.0.0.1:4610/display#token=bb' };

/** A till process that is told things, says things and ends. */
class Child extends EventEmitter {
  readonly told: ToTill[] = [];
  postMessage(message: unknown): void {
    this.told.push(message as ToTill);
    if ((message as ToTill).do === 'stop') setImmediate(() => this.emit('exit', 0));
  }
  kill(): boolean {
    this.emit('exit', 9);
    return true;
  }
}

class Contents extends EventEmitter {
  opens: ((details: { url: string }) => { action: string }) | null = null;
  reloads = 0;
  setWindowOpenHandler(handler: (details: { url: string }) => { action: 'deny' }): void {
    this.opens = handler;
  }
  reload(): void {
    this.reloads++;
  }
  /** Whether a page that wants to go there may. */
  mayGo(event: string, url: string): boolean {
    let may = true;
    this.emit(
      event,
      {
        preventDefault: () => {
          may = false;
        },
      },
      url,
    );
    return may;
  }
}

function aStandIn(folder: string, given: { first?: boolean; displays?: number; safe?: boolean } = {}) {
  const { first = true, displays = 1, safe = true } = given;
  const windows: { options: WindowOptions; address: string; contents: Contents; focused: number }[] = [];
  const children: Child[] = [];
  const errors: string[] = [];
  const done = { quit: 0, exit: null as number | null };
  const app = Object.assign(new EventEmitter(), {
    isPackaged: false,
    sandboxed: false,
    login: null as unknown,
    requestSingleInstanceLock: () => first,
    whenReady: async () => {},
    quit: () => {
      done.quit++;
    },
    exit: (code: number) => {
      done.exit = code;
    },
    enableSandbox: () => {
      app.sandboxed = true;
    },
    getPath: (name: string) => path.join(folder, name),
    setLoginItemSettings: (settings: unknown) => {
      app.login = settings;
    },
  });
  const session = {
    request: null as null | ((c: unknown, p: string, answer: (may: boolean) => void) => void),
    check: null as null | (() => boolean),
    device: null as null | (() => boolean),
    setPermissionRequestHandler(handler: never) {
      this.request = handler;
    },
    setPermissionCheckHandler(handler: () => boolean) {
      this.check = handler;
    },
    setDevicePermissionHandler(handler: () => boolean) {
      this.device = handler;
    },
  };
  class BrowserWindow extends EventEmitter {
    readonly webContents = new Contents();
    private readonly entry: (typeof windows)[number];
    constructor(options: WindowOptions) {
      super();
      this.entry = { options, address: '', contents: this.webContents, focused: 0 };
      windows.push(this.entry);
      app.emit('web-contents-created', {}, this.webContents);
    }
    async loadURL(address: string): Promise<void> {
      this.entry.address = address;
    }
    show(): void {}
    focus(): void {
      this.entry.focused++;
    }
    restore(): void {}
    isMinimized(): boolean {
      return false;
    }
    close(): void {
      this.emit('closed');
    }
  }
  const all = Array.from({ length: displays }, (_, id) => ({
    id,
    bounds: { x: id * 1920, y: 0, width: 1920, height: 1080 },
  }));
  const electron = {
    app,
    BrowserWindow,
    utilityProcess: {
      fork: () => {
        const child = new Child();
        children.push(child);
        return child;
      },
    },
    safeStorage: {
      isEncryptionAvailable: () => safe,
      encryptString: (text: string) => Buffer.from(`sealed:${text}`),
      decryptString: (bytes: Buffer) => bytes.toString().replace(/^sealed:/, ''),
    },
    screen: { getAllDisplays: () => all, getPrimaryDisplay: () => all[0]! },
    powerSaveBlocker: {
      started: [] as string[],
      start(type: string) {
        return this.started.push(type);
      },
      stop() {},
    },
    dialog: { showErrorBox: (_title: string, words: string) => void errors.push(words) },
    crashReporter: {
      started: [] as unknown[],
      start(options: unknown) {
        this.started.push(options);
      },
    },
    session: { defaultSession: session },
    Menu: { setApplicationMenu: () => {} },
  };
  return { electron, app, windows, children, errors, done, session };
}

const waits: { ms: number; run: () => void }[] = [];
async function aShell(folder: string, given: Parameters<typeof aStandIn>[1] & { args?: string[] } = {}) {
  const standIn = aStandIn(folder, given);
  waits.length = 0;
  await startShell({
    electron: standIn.electron as unknown as ElectronPort,
    updater: async () => null,
    updateFault: async () => null,
    args: given.args ?? [],
    random: (bytes) => new Uint8Array(bytes).fill(7),
    nowMs: () => 0,
    after: (ms, run) => void waits.push({ ms, run }),
  });
  return standIn;
}

describe('windows', () => {
  test('a sandboxed window on the till’s loopback address, once the till is ready; kiosk as asked', () =>
    withFolder(async (folder) => {
      const { app, windows, children, electron } = await aShell(folder, { args: ['--kiosk'] });
      expect(app.sandboxed).toBe(true);
      expect(windows).toEqual([]);
      children[0]!.emit('message', READY);
      expect(windows).toHaveLength(1);
      expect(windows[0]!.address).toBe(ADDRESS);
      expect(windows[0]!.options).toMatchObject({
        kiosk: true,
        webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, webviewTag: false },
      });
      expect(electron.powerSaveBlocker.started).toEqual(['prevent-display-sleep']);
    }));

  test('the customer’s window fills the second display; with one display there is none', () =>
    withFolder(async (folder) => {
      const { windows, children } = await aShell(folder, { displays: 2 });
      children[0]!.emit('message', READY);
      expect(windows.map(({ address, options }) => [address, options.x ?? null, options.fullscreen])).toEqual(
        [
          [ADDRESS, null, false],
          [READY.customerAddress, 1920, true],
        ],
      );
    }));

  test('a page opens nothing, goes nowhere but to its own till, and is permitted nothing', () =>
    withFolder(async (folder) => {
      const { windows, children, session } = await aShell(folder);
      children[0]!.emit('message', READY);
      const { contents } = windows[0]!;
      expect(contents.opens!({ url: 'https://example.com' })).toEqual({ action: 'deny' });
      expect(contents.opens!({ url: ADDRESS })).toEqual({ action: 'deny' });
      for (const event of ['will-navigate', 'will-redirect']) {
        expect(contents.mayGo(event, 'http://127.0.0.1:4610/display')).toBe(true);
        for (const url of [
          'https://example.com/',
          'http://127.0.0.1:4611/',
          'http://127.0.0.1.example.com:4610/',
          'file:///etc/passwd',
          'javascript:alert(1)',
          'data:text/html,x',
        ]) {
          expect(contents.mayGo(event, url), url).toBe(false);
        }
      }
      expect(contents.mayGo('will-attach-webview', '')).toBe(false);
      let asked: boolean | null = null;
      session.request!(null, 'media', (may) => {
        asked = may;
      });
      expect([asked, session.check!(), session.device!()]).toEqual([false, false, false]);
    }));

  test('a second start shows the first; a page whose process died is loaded again', () =>
    withFolder(async (folder) => {
      const second = await aShell(folder, { first: false });
      expect([second.done.quit, second.children.length]).toEqual([1, 0]);
      const { app, windows, children } = await aShell(folder);
      children[0]!.emit('message', READY);
      app.emit('second-instance');
      expect(windows[0]!.focused).toBe(1);
      app.emit('render-process-gone', {}, windows[0]!.contents, { reason: 'crashed' });
      waits.at(-1)!.run();
      expect(windows[0]!.contents.reloads).toBe(1);
    }));
});

describe('the machine', () => {
  test('it starts with the system only when asked, as a kiosk when it is one; crashes stay in its own folder', () =>
    withFolder(async (folder) => {
      const plain = await aShell(folder);
      expect(plain.app.login).toEqual({ openAtLogin: false, args: [] });
      const { app, electron } = await aShell(folder, { args: ['--autostart', '--kiosk'] });
      expect(app.login).toEqual({ openAtLogin: true, args: ['--kiosk'] });
      expect(electron.crashReporter.started).toEqual([{ uploadToServer: false }]);
    }));

  test('what till and pages say is in the log folder, with its time and without tokens', () =>
    withFolder(async (folder) => {
      const { windows, children } = await aShell(folder);
      children[0]!.emit('message', READY);
      children[0]!.emit('message', { is: 'log', text: 'printer: out of paper' });
      windows[0]!.contents.mayGo('will-navigate', 'https://example.com/#token=secret');
      const file = path.join(folder, 'logs', 'till.log');
      const read = () => (existsSync(file) ? readFileSync(file, 'utf8') : '');
      await until(() => read().includes('refused'), 'the log');
      expect(read()).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z printer: out of paper$/m);
      expect(read()).not.toContain('secret');
    }));
});

describe('the till’s process', () => {
  test('it ends by itself: again after 0.5, 1, 2 … 30 s, and at once with the short wait after a sound minute', () => {
    let nowMs = 0;
    const children: Child[] = [];
    const waited: { ms: number; run: () => void }[] = [];
    const keeper = new TillKeeper({
      fork: () => {
        children.push(new Child());
        return children.at(-1)!;
      },
      start: () => ({ do: 'start', folder: '/t', port: 0, token: 't', keyHex: null, enrol: null }),
      onMessage: () => {},
      log: () => {},
      nowMs: () => nowMs,
      after: (ms, run) => void waited.push({ ms, run }),
    });
    keeper.start();
    for (let crash = 0; crash < 8; crash++) {
      children.at(-1)!.emit('exit', 1);
      waited.at(-1)!.run();
    }
    expect(waited.map(({ ms }) => ms)).toEqual([
      500,
      1_000,
      2_000,
      4_000,
      8_000,
      16_000,
      RESTART_MS_MAX,
      RESTART_MS_MAX,
    ]);
    nowMs = 61_000;
    children.at(-1)!.emit('exit', 1);
    expect(waited.at(-1)!.ms).toBe(500);
  });

  test('one that says what a person must do is not started again: the words are shown', () =>
    withFolder(async (folder) => {
      const { children, errors, done } = await aShell(folder);
      children[0]!.emit('message', { is: 'failed', words: 'this folder belongs to no HQ yet' });
      children[0]!.emit('exit', 1);
      expect(errors).toEqual(['this folder belongs to no HQ yet']);
      await until(() => done.quit === 1, 'the app ends');
      expect(children).toHaveLength(1);
    }));

  test('closing the window stops the till first', () =>
    withFolder(async (folder) => {
      const { app, children, done } = await aShell(folder);
      children[0]!.emit('message', READY);
      app.emit('window-all-closed');
      expect(children[0]!.told.at(-1)).toEqual({ do: 'stop' });
      await until(() => done.quit === 1, 'the app ends');
    }));

  test('an enrolment code is used once: a till that starts again is one already', () =>
    withFolder(async (folder) => {
      const { children } = await aShell(folder, { args: ['--cloud', 'http://hq', '--code', 'ABCD'] });
      expect(children[0]!.told[0]).toMatchObject({ enrol: { cloudUrl: 'http://hq', code: 'ABCD' } });
      children[0]!.emit('message', READY);
      children[0]!.emit('exit', 1);
      waits.at(-1)!.run();
      expect(children[1]!.told[0]).toMatchObject({ enrol: null });
    }));
});

describe('the key', () => {
  test('a new till’s key is sealed by the system and the same at the next start', () =>
    withFolder(async (folder) => {
      const { safeStorage } = aStandIn(folder).electron;
      const first = sealedKey(folder, safeStorage, (bytes) => new Uint8Array(bytes).fill(3));
      expect(first).toBe('03'.repeat(32));
      expect(readFileSync(path.join(folder, 'till.key.sealed'), 'utf8')).toContain('sealed:');
      expect(existsSync(path.join(folder, 'till.key'))).toBe(false);
      expect(sealedKey(folder, safeStorage, () => new Uint8Array(32).fill(9))).toBe(first);
    }));

  test('a till with a key file keeps it, and so does a system without a safe; a seal that does not open is said', () =>
    withFolder(async (folder) => {
      const { safeStorage } = aStandIn(folder).electron;
      const random = (bytes: number) => new Uint8Array(bytes);
      expect(sealedKey(folder, { ...safeStorage, isEncryptionAvailable: () => false }, random)).toBeNull();
      writeFileSync(path.join(folder, 'till.key'), 'x');
      expect(sealedKey(folder, safeStorage, random)).toBeNull();
      writeFileSync(path.join(folder, 'till.key.sealed'), 'of another user');
      const closed = {
        ...safeStorage,
        decryptString: () => {
          throw new Error('not yours');
        },
      };
      expect(() => sealedKey(folder, closed, random)).toThrow(/cannot be opened by this user.*not yours/);
    }));
});

describe('updates', () => {
  const UPDATE = { version: '0.2.0', files: [{ sha512: 'aa' }] };

  function aUpdater(fault: () => Promise<string | null> = async () => null) {
    const updater = Object.assign(new EventEmitter(), {
      channel: null as string | null,
      autoDownload: false,
      autoInstallOnAppQuit: true,
      allowDowngrade: true,
      installs: 0,
      checkForUpdates: async () => {},
      quitAndInstall: () => {
        updater.installs++;
      },
    });
    const order: string[] = [];
    const logs: string[] = [];
    const updates = new Updates({
      updater: updater as never,
      channel: 'stable',
      log: (text) => logs.push(text),
      fault,
      stopTill: async () => void order.push('till stopped'),
      every: () => {},
    });
    updates.start();
    /** An update was fetched, and its signature looked at. */
    const fetched = async () => {
      const before = logs.length;
      updater.emit('update-downloaded', UPDATE);
      await until(() => logs.length > before, 'what becomes of it');
      await new Promise(setImmediate);
    };
    return { updater, updates, order, logs, fetched };
  }

  test.each([
    [{ shiftOpen: true, busy: false }, 0],
    [{ shiftOpen: true, busy: true }, 0],
    [{ shiftOpen: false, busy: true }, 0],
    [{ shiftOpen: false, busy: false }, 1],
  ])('a counter that is %j installs a waiting update %i times', async (counter, installs) => {
    const { updater, updates, order, fetched } = aUpdater();
    await fetched();
    expect(updater.installs).toBe(0);
    updates.counterIs(counter);
    await new Promise(setImmediate);
    expect(updater.installs).toBe(installs);
    expect(order.length).toBe(installs);
    expect([updater.autoInstallOnAppQuit, updater.allowDowngrade, updater.channel]).toEqual([
      false,
      false,
      'latest',
    ]);
  });

  test('the shift closes: what waited is put in then, once', async () => {
    const { updater, updates, fetched } = aUpdater();
    updates.counterIs({ shiftOpen: true, busy: false });
    await fetched();
    expect(updater.installs).toBe(0);
    updates.counterIs({ shiftOpen: false, busy: false });
    updates.counterIs({ shiftOpen: false, busy: false });
    await new Promise(setImmediate);
    expect(updater.installs).toBe(1);
  });

  test('one that the publisher did not sign is never put in, and the log says why', async () => {
    const { updater, updates, logs, fetched } = aUpdater(async () => 'latest.yml is not signed');
    updates.counterIs({ shiftOpen: false, busy: false });
    await fetched();
    expect(updater.installs).toBe(0);
    expect(logs).toEqual(['update 0.2.0 is left out: latest.yml is not signed']);
  });
});

describe('settings', () => {
  test('flags go before desktop.json, and --windowed before a kiosk', () =>
    withFolder(async (folder) => {
      writeFileSync(path.join(folder, 'desktop.json'), '{"kiosk": true, "channel": "beta", "port": 4700}');
      expect(desktopSettings(folder, ['--windowed', '--folder=/srv/till', '--inspect=1'])).toMatchObject({
        folder: '/srv/till',
        port: 4_700,
        kiosk: false,
        channel: 'beta',
        customerWindow: true,
        enrol: null,
      });
    }));

  test.each([
    ['{', 'is no JSON'],
    ['[]', 'an object with settings was expected'],
    ['{"kiosk": "yes"}', 'kiosk is "yes": a boolean was expected'],
    ['{"channel": "nightly"}', 'channel is nightly: stable, beta or off was expected'],
    ['{"port": 99999}', 'port is 99999: a port was expected'],
  ])('%s is refused: %s', (text, words) =>
    withFolder(async (folder) => {
      writeFileSync(path.join(folder, 'desktop.json'), text);
      expect(() => desktopSettings(folder, [])).toThrow(words);
    }),
  );

  test('a code without its HQ is refused', () => {
    expect(() => desktopSettings('/nowhere', ['--code', 'A'])).toThrow(
      '--cloud URL and --code CODE go together',
    );
  });
});
