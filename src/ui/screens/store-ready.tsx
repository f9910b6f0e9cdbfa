/**
 * Readiness on the store manager's page: how well the till would sell with the line down, what lacks, and the fire drill that tries it.
 */
import type { DrillReport, StorePage } from '../../till/api.ts';
import { moneyText } from '../amount.ts';
import { useTill } from '../till-screen.ts';
import { clockText } from '../when.ts';
import { Icon } from './icons.tsx';
import { Part } from './store-page.tsx';

const DRILL_MINUTES = [5, 15, 60] as const;

export function ReadyPart({ page }: { readonly page: StorePage }) {
  const { view, say } = useTill();
  const { score, reasons } = view.readiness;
  const { drill } = view;
  return (
    <Part title={say('drill.title')} page={page} own testId="store-ready">
      <p className="ready-score">
        <b>{score} %</b>
        <span>
          {reasons.length === 0
            ? say('drill.allThere')
            : reasons.map(({ kind }) => say(`ready.${kind}`)).join(' · ')}
        </span>
      </p>
      {drill?.untilMs != null ? <Running untilMs={drill.untilMs} /> : <Start />}
      {drill?.report != null ? <Report report={drill.report} /> : null}
    </Part>
  );
}

function Start() {
  const { say, ask } = useTill();
  return (
    <p className="ready-drill">
      <span>{say('drill.what')}</span>
      {DRILL_MINUTES.map((minutes) => (
        <button
          key={minutes}
          type="button"
          className="button small"
          data-testid={`drill-${minutes}`}
          onClick={() => void ask('startDrill', { minutes })}
        >
          {say('drill.start', { minutes })}
        </button>
      ))}
    </p>
  );
}

function Running({ untilMs }: { readonly untilMs: number }) {
  const { view, say, ask, nowMs } = useTill();
  return (
    <p className="ready-drill" role="status">
      <span>
        <Icon name="cloudOff" size={20} />{' '}
        {say('drill.until', { time: clockText(untilMs, nowMs(), view.timeZone) })}
      </span>
      <button
        type="button"
        className="button small"
        data-testid="drill-end"
        onClick={() => void ask('endDrill', {})}
      >
        {say('drill.end')}
      </button>
    </p>
  );
}

/** What the score had promised, and what then happened. */
function Report({ report }: { readonly report: DrillReport }) {
  const { say, currency } = useTill();
  const { promised, sales, totalMinor, byRights, refusedRights, slipsWaiting, keptItsWord } = report;
  const total = moneyText(totalMinor, currency);
  return (
    <p className="ready-report" data-testid="drill-report">
      <Icon name={keptItsWord ? 'check' : 'warning'} size={20} />
      <b>{say(keptItsWord ? 'drill.kept' : 'drill.broken', { score: promised.score })}</b>
      <span>{say('drill.happened', { sales, total, byRights, refusedRights, slipsWaiting })}</span>
    </p>
  );
}
