/**
 * Dialog frame: the one dialog that may be open. It holds the focus, closes with Esc, shows the message inside itself,
 * and catches what a keyboard scanner types, so that a code never becomes an amount.
 */
import { type KeyboardEvent, type ReactNode, useLayoutEffect, useRef } from 'react';
import { feedBurst, NO_BURST } from '../burst.ts';
import { beep } from '../sound.ts';
import { useTill } from '../till-screen.ts';
import { Icon } from './icons.tsx';
import { Key } from './key.tsx';
import { MessageLine } from './message-bar.tsx';

export function DialogFrame(props: {
  readonly title: string;
  readonly size: 'small' | 'medium' | 'wide';
  readonly testId: string;
  /** Set while a call is on its way that must be waited for. */
  readonly busy?: boolean;
  /** Names what the dialog shows now, where that changes while it is open. */
  readonly step?: string;
  /** Where the dialog has pages: Esc goes back one instead of closing it. */
  readonly onBack?: (() => void) | undefined;
  /** A code was scanned into the dialog: it empties its field. Left out where the field is there for scans. */
  readonly onScan?: (code: string) => void;
  readonly children: ReactNode;
}) {
  const { say, selling, dispatch } = useTill();
  const ref = useRef<HTMLDialogElement>(null);
  const burst = useRef(NO_BURST);
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
    if (props.busy === true) return;
    if (props.onBack === undefined) dispatch({ type: 'close' });
    else props.onBack();
  };
  const watchKeys = (event: KeyboardEvent) => {
    // Function keys belong to the selling screen and, left alone, to the browser.
    if (/^F\d+$/.test(event.key)) event.preventDefault();
    if (event.key === 'Escape' && props.onBack !== undefined && !event.nativeEvent.isComposing) {
      // The browser lets a page refuse its close request only once in a row.
      event.preventDefault();
      close();
    }
    const fed = feedBurst(burst.current, event.key, event.timeStamp);
    burst.current = fed.burst;
    if (fed.code === null || props.onScan === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    props.onScan(fed.code);
    beep('bad');
    dispatch({ type: 'message', message: { kind: 'scan_blocked', code: fed.code } });
  };
  return (
    <dialog
      ref={ref}
      className={`dialog ${props.size}`}
      aria-label={props.title}
      data-testid={props.testId}
      onKeyDownCapture={watchKeys}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
    >
      <header className="dialog-head">
        <h2>{props.title}</h2>
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
