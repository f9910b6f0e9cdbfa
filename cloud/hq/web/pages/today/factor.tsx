/** One figure of the headline: its name, its number, how it moved. */
import type { ReactNode } from 'react';
import type { Change } from '../../format/number.ts';
import { ChangeMark } from '../../parts/change-mark.tsx';
import { Explained, type Explanation } from '../../parts/explain.tsx';
import { Link } from '../../shell/router.tsx';
import type { Route } from '../../shell/routes.ts';

export interface FactorProps {
  readonly label: string;
  /** Beside the name, smaller. */
  readonly hint?: string;
  /** Null: there is nothing to divide by. */
  readonly value: string | null;
  readonly change?: Change | null;
  readonly note?: ReactNode;
  readonly big?: boolean;
  /** How it is worked out. */
  readonly explain?: Explanation;
  /** Where the number leads. */
  readonly to?: Route;
  readonly testid?: string;
}

export function Factor(props: FactorProps) {
  const { label, hint, value, change, note, big = false, explain, to, testid } = props;
  return (
    <div className={big ? 'factor factor-big' : 'factor'}>
      <div className="factor-label">
        {explain === undefined ? label : <Explained label={label} {...explain} />}
        {hint !== undefined && <span className="factor-hint">{hint}</span>}
      </div>
      <div className="factor-value num" data-testid={testid}>
        {to === undefined || value === null ? (
          (value ?? '—')
        ) : (
          <Link to={to} className="factor-to">
            {value}
          </Link>
        )}
      </div>
      <div className="factor-note muted">
        {change != null && <ChangeMark change={change} />}
        {note}
      </div>
    </div>
  );
}
