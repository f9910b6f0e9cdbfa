/** The R × F grid: sixteen cells, each buyer in one; the darker, the more of the spending. */
import { Button, Drawer, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { FREQUENCY_BANDS, RECENCY_STATES } from '../../../../../src/core/rfm.ts';
import type { GridAnswer, Strategy, StrategyList } from '../../../report-schemas.ts';
import { usePut } from '../../api/use-put.ts';
import { useQuery } from '../../api/use-query.ts';
import { currencyOf, formatMoneyWhole } from '../../format/money.ts';
import { formatCount, formatQuotient, formatShare } from '../../format/number.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { type Column, ExportButton } from '../../parts/data-table.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Link } from '../../shell/router.tsx';
import { Factor } from '../today/factor.tsx';

type Grid = z.infer<typeof GridAnswer>;
type Cell = Grid['cells'][number];
type CellStrategy = z.infer<typeof Strategy>;

const GRID = '/api/v1/rfm/grid';
const STRATEGIES = '/api/v1/rfm/strategies';
const OFFERS = ['none', 'care', 'gift', 'coupon', 'discount', 'points'] as const;

export function GridCard() {
  const { t } = useTranslation();
  const grid = useQuery<Grid>(GRID);
  const strategies = useQuery<z.infer<typeof StrategyList>>(STRATEGIES);
  const [open, setOpen] = useState<Cell | null>(null);
  const strategyOf = (cell: Cell) =>
    strategies.data?.strategies.find(
      ({ recency, frequency }) => recency === cell.recency && frequency === cell.frequency,
    );
  return (
    <Card
      title={t('segment.grid')}
      extra={<GridExport grid={grid.data} nameOf={(cell) => strategyOf(cell)?.offer.kind ?? 'none'} />}
    >
      <Answered query={grid} rows={10}>
        {(answer) => (
          <>
            <GridFigures grid={answer} />
            <GridTable grid={answer} strategyOf={strategyOf} onPick={setOpen} />
            <p className="muted table-note">{t('segment.gridHelp')}</p>
          </>
        )}
      </Answered>
      {open !== null && (
        <StrategyDrawer
          read={strategies.data}
          key={`${open.recency} ${open.frequency}`}
          cell={open}
          strategy={strategyOf(open)}
          onClose={() => setOpen(null)}
        />
      )}
    </Card>
  );
}

/** Sixteen cells as rows. */
function GridExport({
  grid,
  nameOf,
}: {
  readonly grid: Grid | null;
  readonly nameOf: (cell: Cell) => CellStrategy['offer']['kind'];
}) {
  const { t } = useTranslation();
  const digits = grid === null ? 2 : currencyOf(grid.currency).digits;
  const columns: Column<Grid['cells'][number]>[] = [
    { key: 'f', title: t('segment.frequencyOf'), value: ({ frequency }) => t(`segment.${frequency}`) },
    { key: 'r', title: t('segment.recencyOf'), value: ({ recency }) => t(`segment.${recency}`) },
    { key: 'people', title: t('segment.people'), number: true, value: ({ members }) => members },
    {
      key: 'spent',
      title: t('segment.spent'),
      number: true,
      value: ({ netMinor }) => netMinor / 10 ** digits,
    },
    { key: 'offer', title: t('segment.offer'), value: (cell) => t(`segment.offer_${nameOf(cell)}`) },
  ];
  return <ExportButton name="rf-grid" rows={grid?.cells ?? []} columns={columns} />;
}

export function GridFigures({ grid }: { readonly grid: Grid }) {
  const { t } = useTranslation();
  const { shopCycle, buyers, sleeping, atRisk } = grid;
  const thresholds = {
    to: { page: 'settings', tab: 'thresholds' },
    toWord: t('explain.thresholds'),
  } as const;
  const cycle = formatQuotient(shopCycle.spanDays, shopCycle.gaps, 1);
  return (
    <div className="kpis">
      <Factor
        testid="grid-buyers"
        label={t('segment.buyers')}
        value={formatCount(buyers)}
        explain={{ how: t('explain.buyers', { date: grid.asOf }) }}
      />
      <Factor
        label={t('segment.sleepingCount')}
        value={formatCount(sleeping)}
        note={formatShare(sleeping, buyers)}
        explain={{ how: t('explain.sleeping'), ...thresholds }}
      />
      <Factor
        label={t('segment.atRiskCount')}
        value={formatCount(atRisk)}
        note={formatShare(atRisk, buyers)}
        explain={{ how: t('explain.atRisk'), ...thresholds }}
      />
      <Factor
        label={t('segment.shopCycle')}
        value={cycle === null ? null : t('segment.daysUnit', { n: cycle })}
        explain={{
          how: t('explain.shopCycle', { a: formatCount(shopCycle.spanDays), b: formatCount(shopCycle.gaps) }),
        }}
      />
    </div>
  );
}

interface TableProps {
  readonly grid: Grid;
  readonly strategyOf: (cell: Cell) => CellStrategy | undefined;
  readonly onPick: (cell: Cell) => void;
}

export function GridTable({ grid, strategyOf, onPick }: TableProps) {
  const { t } = useTranslation();
  const currency = currencyOf(grid.currency);
  const most = Math.max(1, ...grid.cells.map(({ netMinor }) => netMinor));
  return (
    <table className="rf-grid" data-testid="rf-grid">
      <thead>
        <tr>
          <td />
          {RECENCY_STATES.map((recency) => (
            <th key={recency} scope="col">
              {t(`segment.${recency}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {FREQUENCY_BANDS.toReversed().map((frequency) => (
          <tr key={frequency}>
            <th scope="row">{t(`segment.${frequency}`)}</th>
            {RECENCY_STATES.map((recency) => {
              const cell = grid.cells.find((one) => one.recency === recency && one.frequency === frequency)!;
              const depth = Math.sqrt(Math.max(0, cell.netMinor) / most);
              const offer = strategyOf(cell)?.offer.kind ?? 'none';
              return (
                <td key={recency}>
                  <button
                    type="button"
                    className={depth > 0.62 ? 'rf-cell rf-deep' : 'rf-cell'}
                    style={{ '--depth': `${Math.round(8 + 82 * depth)}%` } as React.CSSProperties}
                    data-testid={`cell-${recency}-${frequency}`}
                    title={formatMoneyWhole(cell.netMinor, currency)}
                    onClick={() => onPick(cell)}
                  >
                    <b className="num">{formatCount(cell.members)}</b>
                    <span className="num">{formatShare(cell.netMinor, grid.netMinor) ?? '—'}</span>
                    {offer !== 'none' && <span>{t(`segment.offer_${offer}`)}</span>}
                  </button>
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface DrawerProps {
  readonly cell: Cell;
  readonly strategy: CellStrategy | undefined;
  /** The answer that the strategies came with. */
  readonly read: object | null;
  readonly onClose: () => void;
}

function StrategyDrawer({ cell, strategy, read, onClose }: DrawerProps) {
  const { t } = useTranslation();
  const { recency, frequency } = cell;
  const [draft, setDraft] = useState<CellStrategy>(
    strategy ?? {
      recency,
      frequency,
      contactEveryDays: null,
      offer: { kind: 'none', strengthBp: 0, text: '' },
    },
  );
  const { busy, error, put } = usePut(STRATEGIES);
  const setOffer = (change: Partial<CellStrategy['offer']>) =>
    setDraft({ ...draft, offer: { ...draft.offer, ...change } });
  const save = async () => {
    const back = strategy === undefined ? undefined : () => ({ strategies: [strategy] });
    if (await put({ body: { strategies: [draft] }, read, back })) onClose();
  };
  const rule = JSON.stringify({ all: [{ source: 'cell', recency: [recency], frequency: [frequency] }] });
  return (
    <Drawer
      open
      size={380}
      onClose={onClose}
      title={`${t(`segment.${recency}`)} × ${t(`segment.${frequency}`)}`}
    >
      <div className="stack">
        <Link to={{ page: 'segments', tab: 'build', rule }} data-testid="see-cell">
          {t('segment.seeThem')} ({formatCount(cell.members)})
        </Link>
        <div className="field">
          <label htmlFor="contact">{t('segment.contactEvery')}</label>
          <InputNumber<number>
            id="contact"
            min={1}
            max={3_650}
            precision={0}
            value={draft.contactEveryDays}
            placeholder={t('segment.noContact')}
            onChange={(contactEveryDays) => setDraft({ ...draft, contactEveryDays })}
            style={{ width: '100%' }}
          />
        </div>
        <div className="field">
          <span className="field-label">{t('segment.offer')}</span>
          <Select
            value={draft.offer.kind}
            aria-label={t('segment.offer')}
            options={OFFERS.map((kind) => ({ value: kind, label: t(`segment.offer_${kind}`) }))}
            onChange={(kind) => setOffer({ kind })}
          />
        </div>
        <div className="field">
          <label htmlFor="strength">{t('segment.strength')}</label>
          <InputNumber<number>
            id="strength"
            min={0}
            max={100}
            precision={2}
            value={draft.offer.strengthBp / 100}
            onChange={(percent) => setOffer({ strengthBp: Math.round((percent ?? 0) * 100) })}
            style={{ width: '100%' }}
          />
        </div>
        <div className="field">
          <label htmlFor="words">{t('segment.offerText')}</label>
          <Input.TextArea
            id="words"
            rows={3}
            maxLength={1_000}
            value={draft.offer.text}
            onChange={(event) => setOffer({ text: event.target.value })}
          />
        </div>
        <Problem error={error} />
        <Button type="primary" loading={busy} onClick={() => void save()} data-testid="save-strategy">
          {t('shell.save')}
        </Button>
      </div>
    </Drawer>
  );
}
