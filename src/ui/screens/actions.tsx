/**
 * Actions: everything else the till can do now, each with its key.
 */

import type { Act } from '../act.ts';
import { useTill } from '../till-screen.ts';
import { Icon } from './icons.tsx';
import { Key } from './key.tsx';

export function Actions({ act, dockOpen }: { readonly act: Act; readonly dockOpen: boolean }) {
  const { view, say, selling } = useTill();
  const empty = view.basket.lines.length === 0;
  const line = view.basket.lines.find((candidate) => candidate.lineNo === selling.selectedLineNo);
  return (
    <nav className="actions">
      <Action
        label={say('act.member')}
        keyName="F4"
        testId="member-open"
        run={() => act({ do: 'open', what: 'member' })}
      />
      <Action
        label={say('act.quantity')}
        keyName="*"
        testId="quantity-open"
        disabled={line === undefined || line.weightG !== null}
        run={() => act({ do: 'open', what: 'quantity' })}
      />
      <Action
        label={say('act.discount')}
        keyName="F6"
        testId="discount-open"
        disabled={empty}
        run={() => act({ do: 'open', what: 'discount' })}
      />
      <Action
        label={say('act.coupon')}
        keyName="⇧F6"
        testId="coupon-open"
        run={() => act({ do: 'open', what: 'coupons' })}
      />
      <Action
        label={say('act.void')}
        keyName="Del"
        testId="void-line"
        disabled={line === undefined}
        run={() => act({ do: 'void_line' })}
      />
      <Action
        label={say('act.clear')}
        keyName="⇧Del"
        testId="clear-open"
        disabled={empty}
        run={() => act({ do: 'clear_basket' })}
      />
      <Action
        label={say('act.hold')}
        keyName="F2"
        testId="hold-open"
        disabled={empty || view.payment.tenders.length > 0}
        run={() => act({ do: 'open', what: 'hold' })}
      />
      <Action
        label={say('act.recall')}
        keyName="F3"
        testId="recall-open"
        count={view.holds.length}
        run={() => act({ do: 'open', what: 'holds' })}
      />
      <Action
        label={say('act.refund')}
        keyName="F7"
        testId="return-open"
        run={() => act({ do: 'open', what: 'return' })}
      />
      <Action
        label={say('act.receipts')}
        keyName="⇧F7"
        testId="receipts-open"
        run={() => act({ do: 'open', what: 'receipts' })}
      />
      <Action
        label={say('act.shift')}
        keyName="F12"
        testId="shift-open"
        run={() => act({ do: 'open', what: 'shift' })}
      />
      <Action
        label={say('act.store')}
        keyName="⇧F12"
        testId="store-open"
        run={() => act({ do: 'open', what: 'store' })}
      />
      {view.till.virtualDevices ? (
        <button
          type="button"
          className="button action-key demo"
          data-testid="demo-toggle"
          aria-pressed={dockOpen}
          onClick={() => act({ do: 'toggle_dock' })}
        >
          <span>
            <Icon name="scanner" size={18} /> {say('dock.tab')}
          </span>{' '}
          <Key name="⇧F9" />
        </button>
      ) : null}
    </nav>
  );
}

function Action(props: {
  readonly label: string;
  readonly keyName: string;
  readonly testId: string;
  readonly disabled?: boolean;
  /** How many wait behind the button. */
  readonly count?: number;
  readonly run: () => void;
}) {
  return (
    <button
      type="button"
      className="button action-key"
      data-testid={props.testId}
      disabled={props.disabled}
      // The scan field keeps the focus, so that the next key or scan goes there.
      onMouseDown={(event) => event.preventDefault()}
      onClick={props.run}
    >
      <span>
        {props.label}
        {props.count === undefined || props.count === 0 ? null : (
          <b className="badge" data-testid={`${props.testId}-count`}>
            {props.count}
          </b>
        )}
      </span>{' '}
      <Key name={props.keyName} />
    </button>
  );
}
