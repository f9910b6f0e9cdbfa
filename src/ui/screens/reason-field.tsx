/**
 * Reason: why something is done that the journal asks about; picked or typed.
 */
import type { KeyboardEvent } from 'react';
import { useTill } from '../till-screen.ts';
import { Key } from './key.tsx';

/** What these shops write most; the rest is typed. */
const REASONS = {
  paid_in: ['reason.change', 'reason.float', 'reason.found'],
  paid_out: ['reason.courier', 'reason.supplies', 'reason.purchase'],
  drop: ['reason.safe', 'reason.bank', 'reason.manager'],
  no_sale: ['reason.swap', 'reason.check', 'reason.forgotten'],
  approval: ['reason.customer', 'reason.mistake', 'reason.quality'],
} as const;

const REASON_CHARS_MAX = 120;

export function ReasonField(props: {
  readonly of: keyof typeof REASONS;
  readonly testId: string;
  readonly fieldRef: React.RefObject<HTMLInputElement | null>;
  readonly reason: string;
  readonly setReason: (reason: string) => void;
  readonly first?: boolean;
}) {
  const { say } = useTill();
  const { reason, setReason } = props;
  const quick = REASONS[props.of].map((key) => say(key));
  const walk = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by === 0 || event.nativeEvent.isComposing) return;
    event.preventDefault();
    const at = quick.indexOf(reason);
    const from = at < 0 && by < 0 ? 0 : at;
    setReason(quick[(from + by + quick.length) % quick.length]!);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrows walk the quick reasons from the field and from them
    <div className="reason" onKeyDown={walk}>
      <label className="number-field">
        <span>
          {say('shift.reason')} <Key name="↑ ↓" />
        </span>
        <input
          ref={props.fieldRef}
          type="text"
          data-testid={props.testId}
          data-first={props.first}
          autoComplete="off"
          maxLength={REASON_CHARS_MAX}
          value={reason}
          placeholder={say('shift.reasonHint')}
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
      <div className="quick three">
        {quick.map((text, at) => (
          <button
            key={text}
            type="button"
            tabIndex={-1}
            className="button"
            aria-pressed={reason === text}
            data-testid={`reason-${at}`}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => setReason(text)}
          >
            {text}
          </button>
        ))}
      </div>
    </div>
  );
}
