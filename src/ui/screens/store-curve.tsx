/**
 * The hours of the day as a curve, drawn here: no library, no network; the same numbers stand under it.
 */
import type { StorePage } from '../../till/api.ts';
import { amountText } from '../amount.ts';
import { curveOf } from '../store-figures.ts';
import { useTill } from '../till-screen.ts';
import { Part } from './store-page.tsx';

const [WIDTH, HEIGHT, LEFT, TOP, BOTTOM] = [560, 300, 16, 24, 28];

export function HourCurve({ page }: { readonly page: StorePage }) {
  const { say, currency } = useTill();
  const points = curveOf(page.today.hours).map((point) => ({
    ...point,
    px: LEFT + Math.round((point.x * (WIDTH - 2 * LEFT)) / 1_000),
    py: TOP + Math.round((point.y * (HEIGHT - TOP - BOTTOM)) / 1_000),
  }));
  const top = points.reduce<(typeof points)[number] | null>(
    (best, point) => (best === null || point.netMinor > best.netMinor ? point : best),
    null,
  );
  const path = points.map(({ px, py }) => `${px},${py}`).join(' ');
  const floor = HEIGHT - BOTTOM;
  const first = points[0];
  const last = points.at(-1);
  // Hours that would touch each other are left out; the first and last stay.
  const every = Math.max(1, Math.ceil(points.length / 13));
  return (
    <Part title={say('store.hours')} page={page} testId="store-hours">
      {top === null || first === undefined || last === undefined ? (
        <p className="find-empty">{say('store.noSales')}</p>
      ) : (
        <svg className="curve" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={curveWords()}>
          <line className="axis" x1={0} x2={WIDTH} y1={floor} y2={floor} />
          <polygon className="area" points={`${first.px},${floor} ${path} ${last.px},${floor}`} />
          <polyline className="curve-line" points={path} />
          {points.map(({ hour, px, py }, at) => (
            <g key={hour}>
              <circle cx={px} cy={py} r={3.5} />
              {at % every === 0 || at === points.length - 1 ? (
                <text x={px} y={HEIGHT - 8} textAnchor="middle">
                  {hour}
                </text>
              ) : null}
            </g>
          ))}
          <text className="peak" x={clamp(top.px)} y={Math.max(14, top.py - 9)} textAnchor="middle">
            {amountText(top.netMinor, currency)}
          </text>
        </svg>
      )}
    </Part>
  );

  function curveWords(): string {
    return points
      .map(({ hour, netMinor, tickets }) =>
        say('store.hourWords', { hour, amount: amountText(netMinor, currency), tickets }),
      )
      .join('; ');
  }
}

/** A label at the edge stays inside the picture. */
function clamp(x: number): number {
  return Math.max(40, Math.min(WIDTH - 40, x));
}
