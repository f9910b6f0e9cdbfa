/**
 * The stores as a wall of tiles, coloured by how they stand against the same hour a week ago. Blue is up and orange down, which
 * everybody tells apart; sign, word and number say the same. Few stores have large tiles, many have small ones by region.
 *
 * One stop of the Tab key; arrows go from tile to tile, Enter leads to the store.
 */
import { type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Currency } from '../../../../../src/core/money.ts';
import { formatMoney, formatMoneyWhole } from '../../format/money.ts';
import { formatCount } from '../../format/number.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { ChangeMark } from '../../parts/change-mark.tsx';
import { Icon } from '../../parts/icons.tsx';
import { storeName } from '../../parts/stores.ts';
import { Link } from '../../shell/router.tsx';
import type { Route } from '../../shell/routes.ts';
import { byRegion, type StoreRow } from './store-rows.ts';

/** Of more stores than this the tiles are small, and stand by region. */
const LARGE_MAX = 24;

export interface TilesProps {
  readonly rows: readonly StoreRow[];
  readonly currency: Currency;
  readonly to: (storeId: string) => Route;
}

export function StoreTiles({ rows, currency, to }: TilesProps) {
  const { t } = useTranslation();
  const small = rows.length > LARGE_MAX;
  const parts = small ? byRegion(rows) : ([['', rows]] as const);
  const [at, setAt] = useState<string | null>(null);
  const stop = rows.some(({ store }) => store.id === at) ? at : (parts[0]?.[1][0]?.store.id ?? null);
  const wall = useRef<HTMLDivElement>(null);
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys are of the links within */}
      <div
        ref={wall}
        className={small ? 'store-wall store-wall-small' : 'store-wall'}
        data-testid="store-wall"
        onKeyDown={(event) => moveFocus(event, wall.current!)}
      >
        {parts.map(([region, part]) => (
          <section key={region}>
            {small && parts.length > 1 && (
              <h3>
                {region === '' ? t('wall.noRegion') : region}{' '}
                <span className="muted num">
                  {formatMoneyWhole(
                    part.reduce((sum, { figures }) => sum + figures.totalMinor, 0),
                    currency,
                  )}
                </span>
              </h3>
            )}
            <ul className="store-tiles">
              {part.map((row) => (
                <li key={row.store.id}>
                  <Tile
                    row={row}
                    currency={currency}
                    small={small}
                    to={to(row.store.id)}
                    stop={row.store.id === stop}
                    onStop={() => setAt(row.store.id)}
                  />
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
      <Legend />
    </>
  );
}

interface TileProps {
  readonly row: StoreRow;
  readonly currency: Currency;
  readonly small: boolean;
  readonly to: Route;
  /** Where the Tab key stops. */
  readonly stop: boolean;
  readonly onStop: () => void;
}

function Tile({ row, currency, small, to, stop, onStop }: TileProps) {
  const { t } = useTranslation();
  const { store, figures, change, pace } = row;
  const name = storeName(store, store.id, useLocale());
  return (
    <Link
      to={to}
      className={`store-tile pace-${pace}`}
      data-testid={`store-tile-${store.id}`}
      data-pace={pace}
      title={small ? `${name} · ${formatMoney(figures.totalMinor, currency)}` : undefined}
      tabIndex={stop ? 0 : -1}
      onFocus={onStop}
    >
      <span className="tile-name">{name}</span>
      <b className={small ? 'tile-sales num sr-only' : 'tile-sales num'} data-testid="tile-sales">
        {formatMoney(figures.totalMinor, currency)}
      </b>
      <span className="tile-foot">
        {change === null ? (
          <span title={t('wall.unknown')}>
            <span aria-hidden="true">—</span>
            <span className="sr-only">{t('wall.unknown')}</span>
          </span>
        ) : (
          <ChangeMark change={change} />
        )}
        <TillsMark row={row} small={small} />
      </span>
    </Link>
  );
}

/** Small tiles say it only where something is to be done. */
function TillsMark({ row: { tills }, small }: { readonly row: StoreRow; readonly small: boolean }) {
  const { t } = useTranslation();
  if (tills === null) return null;
  const all = tills.online + tills.late + tills.silent;
  const worst = tills.silent > 0 ? 'silent' : tills.late > 0 ? 'late' : 'online';
  if (all === 0 || (small && worst === 'online')) return null;
  const icon = { silent: 'offline', late: 'wait', online: 'online' } as const;
  return (
    <span className="tile-tills num" data-testid="tile-tills" title={t('wall.tills', { ...tills })}>
      <Icon name={icon[worst]} />
      <span aria-hidden="true">
        {formatCount(tills.online)}/{formatCount(all)}
      </span>
      <span className="sr-only">{t('wall.tills', { ...tills })}</span>
    </span>
  );
}

const LEGEND = ['far_down', 'down', 'same', 'up', 'far_up'] as const;

function Legend() {
  const { t } = useTranslation();
  return (
    <p className="wall-legend muted">
      {LEGEND.map((pace) => (
        <span key={pace}>
          <i className={`pace-${pace}`} /> {t(`wall.${pace}`)}
        </span>
      ))}
    </p>
  );
}

/** Left and right go to the next tile, up and down to the one that is nearest in the next row. */
function moveFocus(event: KeyboardEvent, wall: HTMLElement): void {
  const tiles = [...wall.querySelectorAll<HTMLElement>('.store-tile')];
  const from = tiles.indexOf(document.activeElement as HTMLElement);
  if (from < 0) return;
  const next = nextTile(event.key, from, tiles);
  if (next === null) return;
  event.preventDefault();
  next.focus();
}

function nextTile(key: string, from: number, tiles: readonly HTMLElement[]): HTMLElement | null {
  if (key === 'Home') return tiles[0]!;
  if (key === 'End') return tiles.at(-1)!;
  if (key === 'ArrowRight') return tiles[from + 1] ?? null;
  if (key === 'ArrowLeft') return tiles[from - 1] ?? null;
  if (key !== 'ArrowDown' && key !== 'ArrowUp') return null;
  const here = tiles[from]!.getBoundingClientRect();
  const rowAt = (box: DOMRect) => (key === 'ArrowDown' ? box.top - here.top : here.top - box.top);
  const others = tiles.map((tile) => ({ tile, box: tile.getBoundingClientRect() }));
  const ahead = others.filter(({ box }) => rowAt(box) > 1);
  const nearest = Math.min(...ahead.map(({ box }) => rowAt(box)));
  const row = ahead.filter(({ box }) => rowAt(box) < nearest + 1);
  const off = (box: DOMRect) => Math.abs(box.left - here.left);
  return row.toSorted((a, b) => off(a.box) - off(b.box))[0]?.tile ?? null;
}
