/**
 * Member card: all that the till knows of who buys, and what could be offered next. Each number says what it is.
 */
import { formatRate } from '../../core/receipt.ts';
import type { MemberView } from '../../till/api.ts';
import { amountText, moneyText } from '../amount.ts';
import { useTill } from '../till-screen.ts';
import { Icon } from './icons.tsx';
import { Key } from './key.tsx';
import { Fact } from './pay-tender.tsx';
import { MemberTags, PointsTiles } from './side.tsx';

const SUGGESTIONS_MAX = 4;

export function MemberPage(props: {
  readonly member: MemberView;
  readonly onOther: () => void;
  readonly onRemove: () => void;
}) {
  const { view, say, currency } = useTill();
  const { member } = props;
  return (
    <div className="member-page" data-testid="member-page">
      <header>
        <span className="avatar">{Array.from(member.name)[0]}</span>
        <p>
          <b>
            {member.name} <span className="tier">{member.tierName}</span>
          </b>
          <small>
            {member.cardNo}
            {member.phoneTail === null ? '' : ` · ${say('member.phone', { tail: member.phoneTail })}`}
          </small>
          <MemberTags member={member} />
        </p>
        <dl className="pay-facts">
          {member.birthday === null ? null : (
            <Fact label={say('member.birthday')} text={member.birthday.slice(-5)} />
          )}
          {member.tierDiscountBp === 0 ? null : (
            <Fact label={say('member.benefit')} text={formatRate(member.tierDiscountBp)} />
          )}
          {member.storedValue === null ? null : (
            <Fact label={say('member.stored')} text={moneyText(member.storedValue.usableMinor, currency)} />
          )}
          {member.visits === null ? null : <Fact label={say('member.visits')} text={String(member.visits)} />}
          {member.lastVisit === null ? null : <Fact label={say('member.last')} text={member.lastVisit} />}
        </dl>
      </header>
      {member.points === null ? null : <PointsTiles />}
      <div className="member-columns">
        <section>
          <h3>{say('member.purchases')}</h3>
          <ul className="purchases">
            {member.lastPurchases.map((purchase, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two visits of a day may be alike
              <li key={at}>
                <span>{purchase.date.slice(5)}</span>
                <span>{purchase.items.join('、')}</span>
                <b className="num">{amountText(purchase.totalMinor, currency)}</b>
              </li>
            ))}
          </ul>
          {member.lastPurchases.length === 0 ? <p className="pay-note">{say('member.noPurchases')}</p> : null}
        </section>
        <Suggestions member={member} />
      </div>
      <div className="dialog-foot plain">
        <button type="button" className="button" data-testid="member-remove" onClick={props.onRemove}>
          {say('member.remove')} <Key name="Del" />
        </button>
        <button
          type="button"
          className="button primary"
          data-testid="member-other"
          data-first
          disabled={view.payment.tenders.length > 0}
          onClick={props.onOther}
        >
          {say('member.other')} <Key name="F4" />
        </button>
      </div>
    </div>
  );
}

/** What this person may like; a tap puts it on the basket. */
function Suggestions({ member }: { readonly member: MemberView }) {
  const { say, currency, ask, dispatch } = useTill();
  const add = async (sku: string) => {
    if ((await ask('addItem', { sku, qty: 1 })) !== null) dispatch({ type: 'close' });
  };
  return (
    <section>
      <h3>{say('member.suggestions')}</h3>
      <div className="suggestions">
        {member.suggestions.slice(0, SUGGESTIONS_MAX).map((item) => (
          <button
            key={item.sku}
            type="button"
            className="choice"
            data-testid={`suggestion-${item.sku}`}
            disabled={item.priceMinor === null || item.unit === 'kg'}
            onClick={() => void add(item.sku)}
          >
            <Icon name="plus" />
            <span className="choice-name">
              <b>{item.name}</b>
              <small>{item.sku}</small>
            </span>
            <span className="money">
              {item.priceMinor === null ? say('choices.openPrice') : amountText(item.priceMinor, currency)}
            </span>
          </button>
        ))}
      </div>
      {member.suggestions.length === 0 ? <p className="pay-note">{say('member.noSuggestions')}</p> : null}
    </section>
  );
}
