/** Two segments beside each other: who is in one, in the other, in both. */
import { Select } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { CountAnswer } from '../../../segment-schemas.ts';
import { send } from '../../api/client.ts';
import { formatCount } from '../../format/number.ts';
import { Card } from '../../parts/card.tsx';
import { Factor } from '../today/factor.tsx';
import type { Segment } from './saved-tab.tsx';

interface Overlap {
  readonly onlyA: number;
  readonly both: number;
  readonly onlyB: number;
}

export function CompareCard({
  first,
  segments,
}: {
  readonly first: Segment;
  readonly segments: readonly Segment[];
}) {
  const { t } = useTranslation();
  const others = segments.filter(({ id }) => id !== first.id);
  const [otherId, setOtherId] = useState<string | null>(null);
  const other = others.find(({ id }) => id === otherId) ?? others[0];
  const overlap = useOverlap(first, other);
  return (
    <Card
      title={`${t('segment.compare')}: ${first.name}`}
      extra={
        <Select
          value={other?.id ?? null}
          aria-label={t('segment.compareWith')}
          placeholder={t('segment.compareWith')}
          popupMatchSelectWidth={false}
          options={others.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={setOtherId}
        />
      }
    >
      {other !== undefined && (
        <div className="kpis" data-testid="overlap">
          <Factor label={t('segment.onlyA', { name: first.name })} value={shown(overlap?.onlyA)} />
          <Factor label={t('segment.both')} value={shown(overlap?.both)} />
          <Factor label={t('segment.onlyA', { name: other.name })} value={shown(overlap?.onlyB)} />
        </div>
      )}
    </Card>
  );
}

function shown(count: number | undefined): string {
  return count === undefined ? '…' : formatCount(count);
}

function useOverlap(a: Segment, b: Segment | undefined): Overlap | null {
  const [overlap, setOverlap] = useState<{ key: string; value: Overlap } | null>(null);
  const key = `${a.id} ${a.revision} ${b?.id} ${b?.revision}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says all that the answer hangs on
  useEffect(() => {
    if (b === undefined) return;
    let gone = false;
    void overlapOf(a, b).then(
      (value) => {
        if (!gone) setOverlap({ key, value });
      },
      () => {},
    );
    return () => {
      gone = true;
    };
  }, [key]);
  return overlap?.key === key ? overlap.value : null;
}

async function overlapOf(a: Segment, b: Segment): Promise<Overlap> {
  const [ruleA, ruleB] = [ruleOf(a), ruleOf(b)];
  const currency = a.currency ?? b.currency;
  const count = async (rule: object) =>
    (await send<z.infer<typeof CountAnswer>>('POST', '/api/v1/segments/count', { rule, currency, sample: 0 }))
      .members;
  const [both, onlyA, onlyB] = await Promise.all([
    count({ all: [ruleA, ruleB] }),
    count({ all: [ruleA, { not: ruleB }] }),
    count({ all: [{ not: ruleA }, ruleB] }),
  ]);
  return { both, onlyA, onlyB };
}

function ruleOf(segment: Segment): unknown {
  return segment.kind === 'frozen' ? { source: 'segment', segmentId: segment.id } : segment.rule;
}
