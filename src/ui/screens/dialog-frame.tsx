/**
 * Dialog frame: the one dialog that is shown. It holds the focus, closes with Esc, shows the message inside itself,
 * and catches what a keyboard scanner types, so that a code never becomes an amount.
 *
 * An approval covers the dialog that needs it: that one keeps what was typed and is not seen meanwhile.
 */
import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { feedBurst, NO_BURST } from '../burst.ts';
import { enterIntoField, type FieldBefore, fieldNow } from '../field.ts';
import { beep } from '../sound.ts';
import { useTill } from '../till-screen.ts';
import { SCANNED } from '../use-wedge.ts';
import { Icon } from './icons.tsx';
import { Key } from './key.tsx';
import { MessageLine } from './message-bar.tsx';

export interface DialogFrameProps {
  readonly title: string;
  readonly size: 'small' | 'medium' | 'wide' | 'full';
  readonly testId: string;
  /** Set while a call is on its way that must be waited for. */
  readonly busy?: boolean;
  /** Names what the dialog shows now, where that changes while it is open. */
  readonly step?: string;
  /** Where the dialog has pages: Esc goes back one instead of closing it. */
  readonly onBack?: (() => void) | undefined;
  /** A code was scanned into the dialog, which is told; its field is as it was before. Left out where the field is there for scans. */
  readonly onScan?: (code: string) => void;
  /** A key anywhere in the dialog. @returns whether the key was for it and means nothing else */
  readonly onKey?: (event: KeyboardEvent) => boolean;
  /** It stands over another dialog. */
  readonly covers?: boolean;
  readonly children: ReactNode;
}

export function DialogFrame(props: DialogFrameProps) {
  const { view, say, selling, dispatch, approving } = useTill();
  const ref = useRef<HTMLDialogElement>(null);
  const covered = approving && props.covers !== true;
  useLayoutEffect(() => {
    const dialog = ref.current!;
    dialog.showModal();
    return () => dialog.close();
  }, []);
  // A dialog opened by a key is typed into at once: what is marked `data-first` gets the focus, in each step anew.
  const { step } = props;
  useLayoutEffect(() => {
    void step;
    ref.current!.querySelector<HTMLElement>('[data-first]')?.focus();
  }, [step]);
  const close = () => {
    if (props.busy === true || covered) return;
    if (props.onBack === undefined) dispatch({ type: 'close' });
    else props.onBack();
  };
  useDialogKeys(props, covered, close);
  return (
    <dialog
      ref={ref}
      className={`dialog ${props.size}${covered ? ' covered' : ''}`}
      aria-label={props.title}
      data-testid={props.testId}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
    >
      <header className="dialog-head">
        <h2>{props.title}</h2>
        {view.training ? <b className="training-mark">{say('training.mark')}</b> : null}
        <button
          type="button"
          className="icon-button"
          aria-label={say(props.onBack === undefined ? 'act.close' : 'act.back')}
          title={say(props.onBack === undefined ? 'act.close' : 'act.back')}
          data-testid="dialog-close"
          onClick={close}
        >
          <Key name="Esc" />
          <Icon name={props.onBack === undefined ? 'close' : 'back'} />
        </button>
      </header>
      {props.children}
      <div className="dialog-message">
        {selling.message === null || selling.message.kind === 'voided' ? null : (
          <MessageLine message={selling.message} messageNo={selling.messageNo} />
        )}
      </div>
    </dialog>
  );
}

/** On the window, first of all listeners: a key means the same wherever in the dialog the focus is, or nowhere. */
function useDialogKeys(props: DialogFrameProps, covered: boolean, close: () => void): void {
  const { dispatch } = useTill();
  const latest = useRef({ props, covered, close });
  latest.current = { props, covered, close };
  useLayoutEffect(() => {
    let burst = NO_BURST;
    /** The field as it was before the first key of what may be a scan. */
    let before: FieldBefore | null = null;
    const onKeyDown = (event: KeyboardEvent) => {
      const { props: now, covered: isCovered, close: closeNow } = latest.current;
      if (isCovered) return;
      const stop = () => {
        event.preventDefault();
        event.stopPropagation();
      };
      // Function keys left alone would go to the browser.
      if (/^F\d+$/.test(event.key)) event.preventDefault();
      if (event.key === 'Escape' && now.onBack !== undefined && !event.isComposing) {
        // The browser lets a page refuse its close request only once in a row.
        stop();
        closeNow();
        return;
      }
      const fed = feedBurst(burst, event.key, event.timeStamp);
      burst = fed.burst;
      if (burst.text.length === 1) before = fieldNow();
      if (fed.code !== null && now.onScan !== undefined) {
        stop();
        before?.restore();
        blocked(fed.code, now.onScan);
      } else if (!event.isComposing && now.onKey?.(event) === true) stop();
    };
    const blocked = (code: string, onScan: (code: string) => void) => {
      onScan(code);
      beep('bad');
      dispatch({ type: 'message', message: { kind: 'scan_blocked', code } });
    };
    const onScanned = (event: Event) => {
      const { props: now, covered: isCovered } = latest.current;
      const { detail: code } = event as CustomEvent<string>;
      if (isCovered) return;
      if (now.onScan === undefined) enterIntoField(code);
      else blocked(code, now.onScan);
    };
    window.addEventListener('keydown', onKeyDown, true);
    window.addEventListener(SCANNED, onScanned);
    return () => {
      window.removeEventListener('keydown', onKeyDown, true);
      window.removeEventListener(SCANNED, onScanned);
    };
  }, [dispatch]);
}
