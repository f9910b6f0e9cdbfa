/**
 * Clear: empties the basket, which no undo brings back, so it is asked first.
 */
import { moneyText } from '../amount.ts';
import { useTill } from '../till-screen.ts';
import { DialogFrame } from './dialog-frame.tsx';
import { Key } from './key.tsx';

export function ClearDialog() {
  const { view, say, currency, ask, dispatch } = useTill();
  const { basket } = view;
  const close = () => dispatch({ type: 'close' });
  const clear = async () => {
    if ((await ask('clearBasket', {})) !== null) close();
  };
  return (
    <DialogFrame title={say('clear.title')} size="small" testId="clear-dialog" onScan={() => undefined}>
      <p className="dialog-text">
        {say('clear.text', { pieces: basket.pieces, amount: moneyText(basket.totalMinor, currency) })}
      </p>
      <div className="dialog-foot">
        <button type="button" className="button" data-first onClick={close}>
          {say('clear.keep')} <Key name="Esc" />
        </button>
        <button
          type="button"
          className="button danger"
          data-testid="clear-confirm"
          onClick={() => void clear()}
        >
          {say('clear.confirm')}
        </button>
      </div>
    </DialogFrame>
  );
}
