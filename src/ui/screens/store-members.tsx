/**
 * The store's members: the grid of how lately and how often they buy, the best, the birthdays, and who is slipping away.
 */
import type { StoreMember, StorePage } from '../../till/api.ts';
import { amountText } from '../amount.ts';
import { heatOf, shareBp, shareText } from '../store-figures.ts';
import { useTill } from '../till-screen.ts';
import { Icon, type IconName } from './icons.tsx';
import { Part } from './store-page.tsx';

export function MemberGrid({ page }: { readonly page: StorePage }) {
  const { say } = useTill();
  const { rows, columns, counts, netMinor } = page.grid;
  const wholeMinor = netMinor.flat().reduce((sum, part) => sum + part, 0);
  const members = counts.flat().reduce((sum, count) => sum + count, 0);
  return (
    <Part title={say('store.grid', { n: members.toLocaleString('en-US') })} page={page} testId="store-grid">
      <table className="grid">
        <thead>
          <tr>
            <th aria-label={say('store.gridCorner')} />
            {rows.map((row) => (
              <th key={row} scope="col">
                {say(`recency.${row}`)}
                <small>{say(`recency.${row}Hint`)}</small>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {columns.toReversed().map((column) => {
            const at = columns.indexOf(column);
            return (
              <tr key={column}>
                <th scope="row">
                  {say(`frequency.${column}`)}
                  <small>{say(`frequency.${column}Hint`)}</small>
                </th>
                {rows.map((row, index) => {
                  const count = counts[index]?.[at] ?? 0;
                  const share = shareText(shareBp(netMinor[index]?.[at] ?? 0, wholeMinor));
                  return (
                    <td key={row} className={`heat-${heatOf(count, counts)}`}>
                      <b className="num">{count.toLocaleString('en-US')}</b>
                      <small>{share}</small>
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </Part>
  );
}

export function People({ page }: { readonly page: StorePage }) {
  const { say } = useTill();
  return (
    <div className="store-people">
      <Part title={say('store.top')} page={page} testId="store-top">
        <p className="top-share">
          <b className="num">{shareText(page.topShareBp)}</b>{' '}
          {say('store.topShare', { n: page.buyers.toLocaleString('en-US') })}
        </p>
        <Members members={page.topMembers} empty={say('store.noMembers')} icon="star" note={spentNote} />
      </Part>
      <Part title={say('store.birthdays')} page={page} testId="store-birthdays">
        <Members
          members={page.birthdays}
          empty={say('store.noBirthdays')}
          icon="cake"
          note={(member) => say('store.birthdayOn', { date: birthdayOf(member).slice(-5) })}
        />
      </Part>
      <Part title={say('store.atRisk')} page={page} testId="store-at-risk">
        <Members members={page.atRisk} empty={say('store.noRisk')} icon="warning" note={lastNote} />
      </Part>
    </div>
  );

  function spentNote(member: StoreMember): string {
    return say('store.visits', { n: member.visits });
  }

  function lastNote(member: StoreMember): string {
    return say('store.lastOn', { date: member.lastDate });
  }

  function birthdayOf(member: StoreMember): string {
    return page.birthdays.find(({ memberId }) => memberId === member.memberId)?.birthday ?? '';
  }
}

function Members(props: {
  readonly members: readonly StoreMember[];
  readonly empty: string;
  readonly icon: IconName;
  readonly note: (member: StoreMember) => string;
}) {
  const { currency } = useTill();
  if (props.members.length === 0) return <p className="pay-note">{props.empty}</p>;
  return (
    <ol className="store-list">
      {props.members.map((member) => (
        <li key={member.memberId}>
          <Icon name={props.icon} size={18} />
          <span className="choice-name">
            <b>
              {member.name} <span className="tier">{member.tierName}</span>
            </b>
            <small>{props.note(member)}</small>
          </span>
          <b className="num">{amountText(member.netMinor, currency)}</b>
        </li>
      ))}
    </ol>
  );
}
