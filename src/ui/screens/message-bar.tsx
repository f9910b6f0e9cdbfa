/**
 * Message bar: the one place where the screen says what went wrong or can be undone. It keeps its height, so nothing
 * moves when it speaks; a dialog shows the same message inside itself.
 */
import { moneyText } from '../amount.ts';
import { errorText } from '../i18n/error-text.ts';
import { canUndo, isGoodNews, type Message } from '../selling.ts';
import { type TillScreen, useTill } from '../till-screen.ts';
import { Icon } from './icons.tsx';
import { Key } from './key.tsx';

export function MessageBar({ onUndo }: { readonly onUndo: () => void }) {
  const screen = useTill();
  const { selling, view, say } = screen;
  const { message } = selling;
  // While a dialog is open, the message is said there.
  if (message === null || selling.dialog !== null) {
    return <p className="message-bar idle">{lastSaleText(screen) ?? say('say.hint')}</p>;
  }
  const undoable = message.kind === 'voided' && canUndo(message, view);
  return (
    <MessageLine message={message} messageNo={selling.messageNo}>
      <SellExpired message={message} />
      {undoable ? (
        <button type="button" className="button small" data-testid="undo" onClick={onUndo}>
          <Icon name="undo" /> {say('act.undo')} <Key name="Ctrl Z" />
        </button>
      ) : null}
    </MessageLine>
  );
}

/** Goods after their day can be sold still by somebody who may; the reason goes into the journal. */
function SellExpired({ message }: { readonly message: Message }) {
  const { say, ask, dispatch } = useTill();
  const code =
    message.kind === 'error' && message.error.kind === 'expired_goods' ? message.error.code : undefined;
  if (code === undefined) return null;
  const sell = async () => {
    if ((await ask('enter', { text: code, sellExpired: true })) !== null) dispatch({ type: 'worked' });
  };
  return (
    <button
      type="button"
      className="button small"
      data-testid="sell-expired"
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => void sell()}
    >
      <Icon name="lock" /> {say('expired.sell')}
    </button>
  );
}

export function MessageLine(props: {
  readonly message: Message;
  readonly messageNo: number;
  readonly children?: React.ReactNode;
}) {
  const screen = useTill();
  const bad = !isGoodNews(props.message);
  return (
    <div
      key={props.messageNo}
      className={bad ? 'message-bar bad' : 'message-bar'}
      role="alert"
      data-testid="notice"
    >
      <Icon name={bad ? 'warning' : 'check'} size={24} />
      <span>{messageText(props.message, screen)}</span>
      {props.children}
    </div>
  );
}

function messageText(message: Message, { say, currency }: TillScreen): string {
  switch (message.kind) {
    case 'error':
      return errorText(message.error, say, currency);
    case 'voided':
      return say('say.voided', { name: message.line.name });
    case 'scan_blocked':
      return say('say.scanBlocked', { code: message.code });
    case 'ask_next':
      return say('ask.next', { name: message.name });
    case 'held':
      return say('say.held', { label: message.label });
    case 'hold_dropped':
      return say('say.holdDropped', { label: message.label });
    case 'shift_opened':
      return say('say.shiftOpened', { zNo: message.zNo });
    case 'cash_moved':
      return say('say.cashMoved', {
        what: say(`shift.${message.move}`),
        amount: moneyText(message.amountMinor, currency),
      });
    case 'device_saved':
      return say('devices.saved');
    case 'drawer_opened':
      return say('say.drawerOpened');
    case 'coupon_added':
      return say('say.couponAdded', { code: message.code });
    case 'z_reprinted':
      return say('say.zReprinted', { zNo: message.zNo });
    case 'not_approved':
      return say('say.notApproved');
    case 'basket_lost':
      return say('say.basketLost');
    case 'select_line':
      return say('say.selectLine');
  }
}

/** A next customer's first scan may come fast: the change of the sale before can still be read here. */
function lastSaleText({ say, currency, selling }: TillScreen): string | null {
  const sale = selling.pastSale;
  if (sale === null || selling.done !== null) return null;
  const { receiptNo } = sale;
  return sale.payableMinor < 0
    ? say('say.lastRefund', { receiptNo, amount: moneyText(Math.abs(sale.payableMinor), currency) })
    : say('say.lastSale', { receiptNo, amount: moneyText(sale.changeMinor, currency) });
}
