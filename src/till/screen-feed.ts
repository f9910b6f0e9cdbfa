/**
 * Screen feed: what each open screen was shown last, so that it is told only what changed since.
 *
 * A view with a hundred lines is 28 kB and a scan changes half a kilobyte of it; a slow till reads the rest for nothing.
 */
import type { WebSocket } from 'ws';
import { type Patch, patchOf } from '../core/patch.ts';
import type { TillView } from './api.ts';

/** Whole views, as `counterfoil-till-1`, or the first one whole and then patches. */
export const WHOLE_VIEWS = 'counterfoil-till-1';
export const PATCHED_VIEWS = 'counterfoil-till-2';

/** What stands for a view in an answer: the screen has it already. */
export interface ViewMark {
  readonly viewVersion: number;
}

interface Shown {
  readonly version: number;
  /** As the screen has it: JSON, no object of the till's own. */
  readonly view: unknown;
}

/** What a message says of the picture: all of it, what changed since the version `from`, or nothing new. */
export type Picture =
  | { readonly view: TillView }
  | { readonly patch: Patch; readonly from: number }
  | Record<never, never>;

export class ScreenFeed {
  readonly #shown = new WeakMap<WebSocket, Shown>();

  show(ws: WebSocket, view: TillView): void {
    const picture = this.#next(ws, view);
    if (Object.keys(picture).length > 0) say(ws, picture);
  }

  /** The picture that an answer holds travels beside it, once. */
  answer(ws: WebSocket, id: number, result: unknown): void {
    const patches = ws.protocol === PATCHED_VIEWS && isRecord(result);
    if (patches && isView(result)) {
      say(ws, { id, result: markOf(result), ...this.#next(ws, result) });
    } else if (patches && isView(result.view)) {
      say(ws, { id, result: { ...result, view: markOf(result.view) }, ...this.#next(ws, result.view) });
    } else say(ws, { id, result });
  }

  #next(ws: WebSocket, view: TillView): Picture {
    if (ws.protocol !== PATCHED_VIEWS) return { view };
    const known = this.#shown.get(ws);
    if (known !== undefined && known.version >= view.version) return {};
    const next = JSON.parse(JSON.stringify(view)) as TillView;
    this.#shown.set(ws, { version: view.version, view: next });
    if (known === undefined) return { view: next };
    const patch = patchOf(known.view, next);
    return patch === null ? {} : { patch, from: known.version };
  }
}

function markOf({ version }: TillView): ViewMark {
  return { viewVersion: version };
}

export function say(ws: WebSocket, message: object): void {
  if (ws.readyState === ws.OPEN) ws.send(JSON.stringify(message));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isView(value: unknown): value is TillView {
  return isRecord(value) && 'version' in value && 'basket' in value;
}
