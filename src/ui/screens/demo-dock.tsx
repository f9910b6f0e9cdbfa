/**
 * Demo dock: a shelf whose goods the virtual scanner reads, and the virtual printer's paper. Only with virtual devices.
 */
import { useEffect, useState } from 'react';
import { localDateTime } from '../../core/shift.ts';
import type { DemoShelf, DemoSlip } from '../../till/api.ts';
import { amountText } from '../amount.ts';
import { useTill } from '../till-screen.ts';
import { DemoHandsTab } from './demo-hands.tsx';
import { Icon } from './icons.tsx';
import { Key } from './key.tsx';
import { Paper } from './paper.tsx';

const OPEN_KEY = 'counterfoil-till-dock';

export function rememberedDock(): boolean {
  return localStorage.getItem(OPEN_KEY) === '1';
}

export function rememberDock(open: boolean): void {
  localStorage.setItem(OPEN_KEY, open ? '1' : '0');
}

const SLIPS_MAX = 5;
const POLL_MS = 400;

type Tab = 'goods' | 'members' | 'faulty' | 'hands';

export function DemoDock({ onClose }: { readonly onClose: () => void }) {
  const { say } = useTill();
  const [tab, setTab] = useState<Tab>('goods');
  const shelf = useShelf();
  return (
    <aside className="dock card" aria-label={say('dock.title')}>
      <header className="dock-head">
        <h2>{say('dock.title')}</h2>
        <button type="button" className="icon-button" aria-label={say('act.close')} onClick={onClose}>
          <Key name="⇧F9" />
          <Icon name="close" />
        </button>
      </header>
      <div className="dock-body">
        <section className="dock-shelf">
          <div className="tabs" role="tablist">
            {(['goods', 'members', 'faulty', 'hands'] as const).map((name) => (
              <button
                key={name}
                type="button"
                role="tab"
                aria-selected={tab === name}
                data-testid={`demo-tab-${name}`}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => setTab(name)}
              >
                {say(`dock.${name}`)}
              </button>
            ))}
          </div>
          {tab === 'hands' ? <DemoHandsTab /> : shelf === null ? null : <ShelfTab tab={tab} shelf={shelf} />}
        </section>
        <PrinterPaper />
      </div>
    </aside>
  );
}

function useShelf(): DemoShelf | null {
  const { ask, view } = useTill();
  const [shelf, setShelf] = useState<DemoShelf | null>(null);
  // The shelf speaks the screen's language, and a feed may have brought new goods.
  const reason = `${view.locale} ${view.sync.itemCount}`;
  useEffect(() => {
    void reason;
    void ask('demoShelf', {}).then(setShelf);
  }, [ask, reason]);
  return shelf;
}

function ShelfTab({ tab, shelf }: { readonly tab: Exclude<Tab, 'hands'>; readonly shelf: DemoShelf }) {
  const { say } = useTill();
  if (tab === 'goods') return <Goods shelf={shelf} />;
  if (tab === 'members') {
    return (
      <div className="shelf">
        {shelf.members.map((member) => (
          <ShelfButton
            key={member.code}
            code={member.code}
            name={member.name}
            note={`${member.tierName} · ${member.code}`}
            testId={`demo-member-${member.code}`}
          />
        ))}
      </div>
    );
  }
  return (
    <div className="shelf">
      {shelf.faulty.map(({ code, why }) => (
        <ShelfButton
          key={code}
          code={code}
          name={say(why === 'check_digit' ? 'dock.checkDigit' : 'dock.unknown')}
          note={code}
          testId={`demo-faulty-${code}`}
        />
      ))}
    </div>
  );
}

function Goods({ shelf }: { readonly shelf: DemoShelf }) {
  const { say, currency } = useTill();
  const [category, setCategory] = useState<string | null>(null);
  const categories = [...new Set(shelf.items.map((item) => item.category))];
  const shown = category !== null && categories.includes(category) ? category : null;
  return (
    <>
      <select
        className="categories"
        aria-label={say('dock.goods')}
        data-testid="demo-category"
        value={shown ?? ''}
        onChange={(event) => setCategory(event.target.value === '' ? null : event.target.value)}
      >
        <option value="">{say('dock.all')}</option>
        {categories.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      <div className="shelf">
        {shelf.items
          .filter((item) => shown === null || item.category === shown)
          .map((item) => (
            <ShelfButton
              key={item.sku}
              code={item.code}
              name={item.name}
              note={
                item.priceMinor === null ? say('choices.openPrice') : amountText(item.priceMinor, currency)
              }
              testId={`demo-item-${item.sku}`}
            />
          ))}
      </div>
    </>
  );
}

function ShelfButton(props: {
  readonly code: string;
  readonly name: string;
  readonly note: string;
  readonly testId: string;
}) {
  const { ask } = useTill();
  return (
    <button
      type="button"
      className="shelf-item"
      title={props.code}
      data-testid={props.testId}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => void ask('demoScan', { code: props.code })}
    >
      <b>{props.name}</b>
      <small className="num">{props.note}</small>
    </button>
  );
}

function PrinterPaper() {
  const { view, say } = useTill();
  const slips = useSlips();
  return (
    <section className="dock-paper" data-testid="demo-paper" aria-label={say('dock.paper')}>
      <h3>
        <Icon name="printer" /> {say('dock.paper')}
      </h3>
      <div className="slips">
        {slips.length === 0 ? <p className="find-empty">{say('dock.noPaper')}</p> : null}
        {slips.map((slip) => {
          const time = localDateTime(slip.atMs, view.timeZone).slice(11);
          const label = say('dock.slip', { no: slip.no, time });
          return (
            <figure key={slip.no}>
              <figcaption>{label}</figcaption>
              <Paper svg={slip.svg} label={slip.text} />
            </figure>
          );
        })}
      </div>
    </section>
  );
}

function useSlips(): readonly DemoSlip[] {
  const { bridge, view } = useTill();
  const [slips, setSlips] = useState<readonly DemoSlip[]>([]);
  const { printer, lastSale } = view;
  const printing = printer.queued > 0 || printer.state === 'printing';
  // Whatever can bring paper out is a reason to look again.
  const reason = `${lastSale?.saleId} ${lastSale?.print} ${printer.state} ${printer.queued}`;
  useEffect(() => {
    void reason;
    // A look that fails is made up by the next one; the cashier has nothing to do about it.
    const look = () => bridge.call('demoPaper', { limit: SLIPS_MAX }).then(setSlips, () => undefined);
    void look();
    if (!printing) return;
    const timer = setInterval(look, POLL_MS);
    return () => clearInterval(timer);
  }, [bridge, reason, printing]);
  return slips;
}
