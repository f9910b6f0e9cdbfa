/**
 * Selling screen: one input, one column of lines, one place for the next action, and at most one dialog.
 */
import {
  memo,
  useCallback,
  useDeferredValue,
  useEffect,
  useLayoutEffect,
  useMemo,
  useReducer,
  useRef,
  useState,
} from 'react';
import type { TillMethod, TillParams, TillResult, TillView } from '../../till/api.ts';
import { type Act, enterText, useAct } from '../act.ts';
import { type Approval, useApprovedCalls } from '../approval.ts';
import { type Bridge, CallError } from '../bridge.ts';
import { useSay } from '../i18n/words.ts';
import { commandOf, type KeyPlace } from '../keys.ts';
import { textIn } from '../scan-field.ts';
import { type Dialog, NOTHING_YET, nextSelling } from '../selling.ts';
import { beep, wakeSound } from '../sound.ts';
import { NO_CURRENCY, type TillScreen, TillScreenProvider } from '../till-screen.ts';
import { SCANNED, useWedge } from '../use-wedge.ts';
import { Actions } from './actions.tsx';
import { ApprovalDialog } from './approval-dialog.tsx';
import { Bands } from './bands.tsx';
import { ClearDialog } from './clear-dialog.tsx';
import { DemoDock, rememberDock, rememberedDock } from './demo-dock.tsx';
import { DeviceDialog } from './device-page.tsx';
import { DiscountDialog } from './discount-dialog.tsx';
import { DonePanel } from './done-panel.tsx';
import { HoldDialog, HoldsDialog } from './hold-dialogs.tsx';
import { Lines } from './lines.tsx';
import { MemberDialog } from './member-dialog.tsx';
import { MessageBar } from './message-bar.tsx';
import { AskDialog, CodeDialog, QuantityDialog } from './number-dialogs.tsx';
import { CouponDialog, OfferStrip } from './offers.tsx';
import { PayDialog } from './pay-dialog.tsx';
import { PeopleDialog, SignOnScreen } from './people-screens.tsx';
import { ReceiptsDialog } from './receipts-dialog.tsx';
import { ReturnDialog } from './return-dialog.tsx';
import { ScanBox } from './scan-box.tsx';
import { ShiftDialog } from './shift-dialog.tsx';
import { DuePanel, MemberCard, PointsTiles, Totals } from './side.tsx';
import { StateBar } from './state-bar.tsx';
import { StoreDialog } from './store-page.tsx';

export function SellingScreen(props: {
  readonly view: TillView;
  readonly bridge: Bridge;
  readonly linked: boolean;
}) {
  const { view, bridge } = props;
  const { screen, approval } = useScreen(view, bridge);
  const { selling } = screen;
  // What stands around the lines and the total may come one frame later: a line is waited for, a clock is not.
  const calm = useDeferredValue(screen);
  const scanRef = useRef<HTMLInputElement>(null);
  const [dockOpen, setDockOpen] = useState(rememberedDock());
  const dock = view.till.virtualDevices && dockOpen;
  const toggleDock = () => {
    rememberDock(!dockOpen);
    setDockOpen(!dockOpen);
  };
  const act = useAct(screen, scanRef, toggleDock);
  const signedOff = view.people.state === 'signed_off';
  const free = selling.dialog === null && approval === null && !signedOff;
  useKeys(act, free, scanRef, selling.choices !== null);
  useScanFocus(scanRef, props.linked && free);
  useWedge(view.devices.wedges, (code) => {
    if (free) void enterText(code, screen, { kept: () => undefined, taken: () => undefined });
    else window.dispatchEvent(new CustomEvent(SCANNED, { detail: code }));
  });

  if (signedOff) {
    return (
      <TillScreenProvider value={screen}>
        <div className="whole" inert={!props.linked}>
          <SignOnScreen />
        </div>
      </TillScreenProvider>
    );
  }
  // Each part has the screen from a provider of its own: under a common one React would draw the calm ones along.
  return (
    <>
      <div className={tillLook(dock, view.training)} inert={!props.linked}>
        <Top screen={calm} />
        <main className="lines-card card">
          <TillScreenProvider value={screen}>
            <ScanBox inputRef={scanRef} act={act} />
            {selling.done === null ? null : <DonePanel sale={selling.done} />}
          </TillScreenProvider>
          {selling.done === null ? <Lines screen={screen} /> : null}
          <UnderLines screen={calm} act={act} />
        </main>
        <aside className="side card">
          <Buyer screen={calm} act={act} />
          <TillScreenProvider value={screen}>
            <Totals />
            <DuePanel act={act} />
          </TillScreenProvider>
        </aside>
        <Keys screen={calm} act={act} dockOpen={dock} />
        {dock ? (
          <TillScreenProvider value={calm}>
            <DemoDock onClose={toggleDock} />
          </TillScreenProvider>
        ) : null}
      </div>
      {selling.dialog === null ? null : <OpenDialog dialog={selling.dialog} screen={screen} />}
      {approval === null ? null : (
        <TillScreenProvider value={screen}>
          <ApprovalDialog approval={approval} />
        </TillScreenProvider>
      )}
    </>
  );
}

// ---- what stands around lines and total ----

interface Calm {
  readonly screen: TillScreen;
  readonly act: Act;
}

const Top = memo(function Top({ screen }: Pick<Calm, 'screen'>) {
  return (
    <TillScreenProvider value={screen}>
      <div className="top">
        <StateBar />
        <Bands />
      </div>
    </TillScreenProvider>
  );
});

const UnderLines = memo(function UnderLines({ screen, act }: Calm) {
  return (
    <TillScreenProvider value={screen}>
      {screen.selling.done === null ? (
        <OfferStrip onOpen={() => act({ do: 'open', what: 'coupons' })} />
      ) : null}
      <MessageBar onUndo={() => act({ do: 'undo' })} />
    </TillScreenProvider>
  );
});

const Buyer = memo(function Buyer({ screen, act }: Calm) {
  return (
    <TillScreenProvider value={screen}>
      <MemberCard onOpen={() => act({ do: 'open', what: 'member' })} />
      <PointsTiles />
    </TillScreenProvider>
  );
});

const Keys = memo(function Keys({ screen, act, dockOpen }: Calm & { readonly dockOpen: boolean }) {
  return (
    <TillScreenProvider value={screen}>
      <Actions act={act} dockOpen={dockOpen} />
    </TillScreenProvider>
  );
});

function tillLook(dock: boolean, training: boolean): string {
  return `till${dock ? ' with-dock' : ''}${training ? ' in-training' : ''}`;
}

/** What a dialog closes is itself: its calls may be answered when another one is open already. */
function OpenDialog({ dialog, screen }: { readonly dialog: Dialog; readonly screen: TillScreen }) {
  const { dispatch: tell } = screen;
  const dispatch = useCallback<TillScreen['dispatch']>(
    (event) => tell(event.type === 'close' ? { ...event, dialog } : event),
    [tell, dialog],
  );
  const own = useMemo(() => ({ ...screen, dispatch }), [screen, dispatch]);
  return (
    <TillScreenProvider value={own}>
      <DialogOf dialog={dialog} />
    </TillScreenProvider>
  );
}

function DialogOf({ dialog }: { readonly dialog: Dialog }) {
  switch (dialog.kind) {
    case 'pay':
      return <PayDialog basketId={dialog.basketId} tender={dialog.tender} />;
    case 'member':
      return <MemberDialog start={dialog.page} />;
    case 'return':
      return <ReturnDialog receipt={dialog.receipt} />;
    case 'receipts':
      return <ReceiptsDialog saleId={dialog.saleId} />;
    case 'quantity':
      return <QuantityDialog lineNo={dialog.lineNo} />;
    case 'discount':
      return <DiscountDialog lineNo={dialog.lineNo} />;
    case 'coupons':
      return <CouponDialog />;
    case 'people':
      return <PeopleDialog />;
    case 'store':
      return <StoreDialog />;
    case 'devices':
      return <DeviceDialog />;
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

function useScreen(
  view: TillView,
  bridge: Bridge,
): { readonly screen: TillScreen; readonly approval: Approval | null } {
  const say = useSay();
  const [selling, dispatch] = useReducer(nextSelling, NOTHING_YET);
  // While drawing, so that a new view is drawn once and not once more for what it means.
  const [known, setKnown] = useState<TillView | null>(null);
  if (known !== view) {
    setKnown(view);
    dispatch({ type: 'view', view });
  }
  useNoticeSound(view);

  const fail = useCallback((thrown: unknown) => {
    if (!(thrown instanceof CallError)) throw thrown;
    beep('bad');
    dispatch({ type: 'message', message: { kind: 'error', error: thrown.error } });
  }, []);
  const { call, approval } = useApprovedCalls(bridge);
  const ask = useCallback(
    async <M extends TillMethod>(method: M, params: TillParams<M>): Promise<TillResult<M> | null> => {
      try {
        const answer = await call(method, params);
        return answer === 'not_approved' ? null : answer;
      } catch (thrown) {
        fail(thrown);
        return null;
      }
    },
    [call, fail],
  );
  const approving = approval !== null;
  const screen = useMemo(() => {
    const currency = view.store?.currency ?? NO_CURRENCY;
    const nowMs = () => Date.now() + bridge.state().clockOffsetMs;
    return { view, currency, bridge, say, selling, dispatch, ask, fail, approving, nowMs };
  }, [view, bridge, say, selling, ask, fail, approving]);
  return { screen, approval };
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
  // With the drawing, not after it: a key pressed as soon as a dialog is gone is for the screen under it.
  useLayoutEffect(() => {
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
  return { focus, scanText: textIn(scan), choosing };
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
