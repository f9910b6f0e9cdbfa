/**
 * Windows: sandboxed, on the till's loopback address and nowhere else.
 *
 * Nothing can be opened, nothing can be navigated to, nothing is permitted: whatever a page of the till may be made to do, it
 * stays on its page. The strict CSP comes with the pages themselves (src/till/server).
 */
import type { ContentsPort, DisplayPort, ElectronPort, SessionPort, WindowOptions } from './ports.ts';

export function windowOptions(
  at: { readonly kiosk: boolean; readonly display: DisplayPort | null },
  isPackaged: boolean,
): WindowOptions {
  const place = at.display === null ? {} : { x: at.display.bounds.x, y: at.display.bounds.y };
  return {
    ...place,
    width: 1_280,
    height: 800,
    kiosk: at.kiosk,
    fullscreen: at.display !== null,
    show: false,
    autoHideMenuBar: true,
    backgroundColor: '#f4f5f7',
    webPreferences: {
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      devTools: !isPackaged,
      spellcheck: false,
    },
  };
}

/** The display that faces the customer: any that is not the first. */
export function customerDisplay({ screen }: Pick<ElectronPort, 'screen'>): DisplayPort | null {
  const primary = screen.getPrimaryDisplay().id;
  return screen.getAllDisplays().find(({ id }) => id !== primary) ?? null;
}

/** @param own  whether an address is the till's own now */
export function harden(
  contents: ContentsPort,
  own: (url: string) => boolean,
  log: (text: string) => void,
): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  const stay = (event: { preventDefault(): void }, url: string) => {
    if (own(url)) return;
    event.preventDefault();
    // The fragment may hold a token.
    log(`a page wanted to leave for ${url.split('#')[0]!.slice(0, 200)}: refused`);
  };
  contents.on('will-navigate', stay as never);
  contents.on('will-redirect', stay as never);
  contents.on('will-attach-webview', ((event: { preventDefault(): void }) =>
    event.preventDefault()) as never);
}

/** No camera, no notifications, no devices: the till's own process has the devices. */
export function permitNothing(session: SessionPort): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
}

/** The same scheme, host and port; of the till's two addresses only. */
export function isOwn(url: string, addresses: readonly string[]): boolean {
  const asked = URL.parse(url);
  if (asked === null) return false;
  return addresses.some((address) => URL.parse(address)?.origin === asked.origin);
}
