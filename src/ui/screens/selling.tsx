/**
 * Selling screen: one input, one column of lines, one place for the next action, and at most one dialog.
 */
import { useCallback, useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from 'react';
import type { TillMethod, TillParams, TillResult, TillView } from '../../till/api.ts';
import { type Act, useAct } from '../act.ts';
import { type Bridge, CallError } from '../bridge.ts';
import { useSay } from '../i18n/words.ts';
import { commandOf, type KeyPlace } from '../keys.ts';
import { type Dialog, NOTHING_YET, nextSelling } from '../selling.ts';
import { beep, wakeSound } from '../sound.ts';
import { NO_CURRENCY, type TillScreen, TillScreenProvider } from '../till-screen.ts';
import { Actions } from './actions.tsx';
import { CashDialog } from './cash-dialog.tsx';
import { ClearDialog } from './clear-dialog.tsx';
import { DemoDock, rememberDock, rememberedDock } from './demo-dock.tsx';
import { DonePanel } from './done-panel.tsx';
import { HoldDialog, HoldsDialog } from './hold-dialogs.tsx';
import { Lines } from './lines.tsx';
import { MemberDialog } from './member-dialog.tsx';
import { MessageBar } from './message-bar.tsx';
import { AskDialog, CodeDialog, PriceDialog, QuantityDialog } from './number-dialogs.tsx';
import { ReceiptsDialog } from './receipts-dialog.tsx';
import { RefundDialog } from './refund-dialog.tsx';
import { ScanBox } from './scan-box.tsx';
import { ShiftDialog } from './shift-dialog.tsx';
import { DuePanel, MemberCard, Totals } from './side.tsx';
import { StateBar } from './state-bar.tsx';

export function SellingScreen(props: {
  readonly view: TillView;
  readonly bridge: Bridge;
  readonly linked: boolean;
}) {
  const { view, bridge } = props;
  const screen = useScreen(view, bridge);
  const { selling } = screen;
  const scanRef = useRef<HTMLInputElement>(null);
  const [dockOpen, setDockOpen] = useState(rememberedDock());
  const dock = view.till.virtualDevices && dockOpen;
  const toggleDock = () => {
    rememberDock(!dockOpen);
    setDockOpen(!dockOpen);
  };
  const act = useAct(screen, scanRef, toggleDock);
  useKeys(act, selling.dialog === null, scanRef, selling.choices !== null);
  useScanFocus(scanRef, props.linked && selling.dialog === null);

  return (
    <TillScreenProvider value={screen}>
      <div className={dock ? 'till with-dock' : 'till'} inert={!props.linked}>
        <StateBar />
        <main className="lines-card card">
          <ScanBox inputRef={scanRef} act={act} />
          {selling.done === null ? <Lines /> : <DonePanel sale={selling.done} />}
          <MessageBar onUndo={() => act({ do: 'undo' })} />
        </main>
        <aside className="side card">
          <MemberCard onOpen={() => act({ do: 'open', what: 'member' })} />
          <Totals />
          <DuePanel onCash={() => act({ do: 'open', what: 'cash' })} />
        </aside>
        <Actions act={act} dockOpen={dock} />
        {dock ? <DemoDock onClose={toggleDock} /> : null}
      </div>
      {selling.dialog === null ? null : <OpenDialog dialog={selling.dialog} />}
    </TillScreenProvider>
  );
}

function OpenDialog({ dialog }: { readonly dialog: Dialog }) {
  switch (dialog.kind) {
    case 'cash':
      return <CashDialog basketId={dialog.basketId} />;
    case 'member':
      return <MemberDialog />;
    case 'refund':
      return <RefundDialog />;
    case 'receipts':
      return <ReceiptsDialog saleId={dialog.saleId} />;
    case 'quantity':
      return <QuantityDialog lineNo={dialog.lineNo} />;
    case 'price':
      return <PriceDialog lineNo={dialog.lineNo} />;
    case 'ask':
      return <AskDialog key={`${dialog.ask.kind} ${dialog.ask.item.sku}`} ask={dialog.ask} />;
    case 'code':
      return <CodeDialog />;
    case 'clear':
      return <ClearDialog />;
    case 'hold':
      return <HoldDialog />;
    case 'holds':
      return <HoldsDialog />;
    case 'shift':
      return <ShiftDialog start={dialog.page} />;
  }
}

// ---- what the parts share ----

function useScreen(view: TillView, bridge: Bridge): TillScreen {
  const say = useSay();
  const [selling, dispatch] = useReducer(nextSelling, NOTHING_YET);
  useLayoutEffect(() => dispatch({ type: 'view', view }), [view]);
  useNoticeSound(view);

  const fail = useCallback((thrown: unknown) => {
    if (!(thrown instanceof CallError)) throw thrown;
    beep('bad');
    dispatch({ type: 'message', message: { kind: 'error', error: thrown.error } });
  }, []);
  const ask = useCallback(
    async <M extends TillMethod>(method: M, params: TillParams<M>): Promise<TillResult<M> | null> => {
      try {
        return await bridge.call(method, params);
      } catch (thrown) {
        fail(thrown);
        return null;
      }
    },
    [bridge, fail],
  );
  return useMemo(() => {
    const currency = view.store?.currency ?? NO_CURRENCY;
    const nowMs = () => Date.now() + bridge.state().clockOffsetMs;
    return { view, currency, bridge, say, selling, dispatch, ask, fail, nowMs };
  }, [view, bridge, say, selling, ask, fail]);
}

/** A scan over the serial line answers here, since no call of ours asked for it. */
function useNoticeSound(view: TillView): void {
  const heard = useRef(view.notice?.id ?? 0);
  useEffect(() => {
    const { notice } = view;
    if (notice === null || notice.id <= heard.current) return;
    heard.current = notice.id;
    beep(notice.level);
  }, [view]);
  useEffect(() => {
    const wake = () => wakeSound();
    window.addEventListener('pointerdown', wake);
    window.addEventListener('keydown', wake);
    return () => {
      window.removeEventListener('pointerdown', wake);
      window.removeEventListener('keydown', wake);
    };
  }, []);
}

// ---- keys and focus ----

type ScanRef = { readonly current: HTMLInputElement | null };

function useKeys(act: Act, active: boolean, scanRef: ScanRef, choosing: boolean): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!active) return;
      const command = commandOf(
        {
          key: event.key,
          ctrl: event.ctrlKey || event.metaKey,
          alt: event.altKey,
          shift: event.shiftKey,
          repeat: event.repeat,
          composing: event.isComposing,
        },
        placeOf(scanRef.current, choosing),
      );
      if (command === null) return;
      if (command.do !== 'focus_scan' || !command.keep) event.preventDefault();
      act(command);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [act, active, scanRef, choosing]);
}

function placeOf(scan: HTMLInputElement | null, choosing: boolean): KeyPlace {
  const { activeElement } = document;
  const focus =
    activeElement === scan
      ? 'scan'
      : activeElement instanceof HTMLButtonElement || activeElement instanceof HTMLSelectElement
        ? 'control'
        : 'none';
  return { focus, scanText: scan?.value ?? '', choosing };
}

/** The input has the focus whenever no dialog is open; with touch only, so that no screen keyboard jumps up, it does not. */
function useScanFocus(scanRef: ScanRef, free: boolean): void {
  useEffect(() => {
    if (!free) return;
    // A closing dialog gives the focus back while the page under it is still inert, and Chromium then takes no keys
    // into the field that has it. Leaving it first makes the focus a real one.
    scanRef.current?.blur();
    if (!window.matchMedia('(pointer: coarse)').matches) scanRef.current?.focus();
  }, [free, scanRef]);
}
