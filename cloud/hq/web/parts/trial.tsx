/** What a draft would have cost: asked of HQ for yesterday or more days, shown until the draft is another one. */
import { Button, Segmented } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSend } from '../api/use-send.ts';
import { addDays } from '../format/date.ts';
import { Problem } from './problem.tsx';
import { newestDate, useStores } from './stores.ts';
import { useNow } from './use-now.ts';

export interface TrialProps<T> {
  readonly path: string;
  /** The draft, as the route takes it beside `businessDate` and `days`. */
  readonly body: object;
  /** Choices of how many days; one: there is nothing to choose, and none is said. */
  readonly days: readonly number[];
  readonly disabled?: boolean;
  readonly testId: string;
  readonly children: (answer: T) => ReactNode;
}

export function Trial<T>({ path, body, days, disabled = false, testId, children }: TrialProps<T>) {
  const { t } = useTranslation();
  const date = addDays(newestDate(useStores().data?.stores ?? [], useNow()), -1);
  const [count, setCount] = useState(days[0]!);
  const [tried, setTried] = useState<{ text: string; answer: T } | null>(null);
  const { busy, error, send } = useSend();
  const asked = { businessDate: date, ...(days.length === 1 ? {} : { days: count }), ...body };
  const text = JSON.stringify(asked);
  const ask = async () => {
    const answer = await send<T>('POST', path, asked);
    if (answer !== null) setTried({ text, answer });
  };
  return (
    <div className="stack draft-trial">
      <div className="form-row">
        {days.length > 1 && (
          <Segmented<number>
            value={count}
            options={days.map((one) => ({
              value: one,
              label: one === 1 ? t('loyalty.yesterday') : t('loyalty.lastDays', { count: one }),
            }))}
            onChange={setCount}
          />
        )}
        <Button loading={busy} disabled={disabled} onClick={() => void ask()} data-testid={testId}>
          {t('loyalty.tryIt', { date })}
        </Button>
      </div>
      <Problem error={error} />
      {tried?.text === text && (
        <div className="note-box" role="status" data-testid={`${testId}-answer`}>
          {children(tried.answer)}
        </div>
      )}
    </div>
  );
}
