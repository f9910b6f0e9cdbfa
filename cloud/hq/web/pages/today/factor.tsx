/** One figure of the headline: its name, its number, how it moved. */
import type { ReactNode } from 'react';
import type { Change } from '../../format/number.ts';
import { ChangeMark } from '../../parts/change-mark.tsx';

export interface FactorProps {
  readonly label: string;
  /** Beside the name, smaller. */
  readonly hint?: string;
  /** Null: there is nothing to divide by. */
  readonly value: string | null;
  readonly change?: Change | null;
  readonly note?: ReactNode;
  readonly big?: boolean;
  readonly testid?: string;
}

export function Factor({ label, hint, value, change, note, big = false, testid }: FactorProps) {
  return (
    <div className={big ? 'factor factor-big' : 'factor'}>
      <div className="factor-label">
        {label}
        {hint !== undefined && <span className="factor-hint">{hint}</span>}
      </div>
      <div className="factor-value num" data-testid={testid}>
        {value ?? '—'}
      </div>
      <div className="factor-note muted">
        {change != null && <ChangeMark change={change} />}
        {note}
      </div>
    </div>
  );
}
