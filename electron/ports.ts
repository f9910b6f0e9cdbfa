/**
 * What the shell uses of Electron, as little of it as there is: the real module fits it, and so does a stand-in in tests.
 */
export interface ElectronPort {
  readonly app: AppPort;
  readonly BrowserWindow: new (options: WindowOptions) => WindowPort;
  readonly utilityProcess: {
    fork(file: string, args: readonly string[], options: object): ChildPort;
  };
  readonly safeStorage: {
    isEncryptionAvailable(): boolean;
    encryptString(text: string): Uint8Array;
    decryptString(bytes: Buffer): string;
  };
  readonly screen: { getAllDisplays(): readonly DisplayPort[]; getPrimaryDisplay(): DisplayPort };
  readonly powerSaveBlocker: { start(type: 'prevent-display-sleep'): number; stop(id: number): void };
  readonly dialog: { showErrorBox(title: string, content: string): void };
  readonly crashReporter: { start(options: object): void };
  readonly session: { readonly defaultSession: SessionPort };
  readonly Menu: { setApplicationMenu(menu: null): void };
}

export interface AppPort {
  requestSingleInstanceLock(): boolean;
  whenReady(): Promise<unknown>;
  on(event: string, listener: (...args: never[]) => void): unknown;
  quit(): void;
  exit(code: number): void;
  enableSandbox(): void;
  getPath(name: 'userData' | 'logs' | 'crashDumps'): string;
  setLoginItemSettings(settings: { openAtLogin: boolean; args: string[] }): void;
  readonly isPackaged: boolean;
}

export interface WindowOptions {
  readonly x?: number;
  readonly y?: number;
  readonly width: number;
  readonly height: number;
  readonly kiosk: boolean;
  readonly fullscreen: boolean;
  readonly show: boolean;
  readonly autoHideMenuBar: true;
  readonly backgroundColor: string;
  readonly webPreferences: {
    readonly sandbox: true;
    readonly contextIsolation: true;
    readonly nodeIntegration: false;
    readonly webviewTag: false;
    readonly devTools: boolean;
    readonly spellcheck: false;
  };
}

export interface WindowPort {
  loadURL(address: string): Promise<void>;
  once(event: 'ready-to-show' | 'closed', listener: () => void): unknown;
  on(event: 'closed', listener: () => void): unknown;
  show(): void;
  focus(): void;
  restore(): void;
  isMinimized(): boolean;
  close(): void;
  readonly webContents: ContentsPort;
}

export interface ContentsPort {
  reload(): void;
  on(event: string, listener: (...args: never[]) => void): unknown;
  setWindowOpenHandler(handler: (details: { readonly url: string }) => { action: 'deny' }): void;
}

export interface SessionPort {
  setPermissionRequestHandler(
    handler: (contents: unknown, permission: string, answer: (may: boolean) => void) => void,
  ): void;
  setPermissionCheckHandler(handler: () => boolean): void;
  setDevicePermissionHandler(handler: () => boolean): void;
}

export interface DisplayPort {
  readonly id: number;
  readonly bounds: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  };
}

export interface ChildPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
  kill(): boolean;
}
