/** The builder: the rule at the left, at the right how many it picks, some of them, and its name. */
import { Button, Input } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { CountAnswer, SegmentShape } from '../../../segment-schemas.ts';
import { ApiError, send as sendNow } from '../../api/client.ts';
import { refresh } from '../../api/query-cache.ts';
import { useQuery } from '../../api/use-query.ts';
import { useSend } from '../../api/use-send.ts';
import { formatCount } from '../../format/number.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { Problem } from '../../parts/problem.tsx';
import { useToast } from '../../parts/toast.tsx';
import { Changeable } from '../../shell/guard.tsx';
import { go, Link } from '../../shell/router.tsx';
import type { Sources } from './condition-editor.tsx';
import { RuleBuilder } from './rule-builder.tsx';
import { askable, blankOf, parseRule, type Rule } from './rule-tree.ts';
import { SEGMENTS } from './saved-tab.tsx';
import type { SegmentsRoute } from './segments-page.tsx';

type Segment = z.infer<typeof SegmentShape>;
type Count = z.infer<typeof CountAnswer>;

const PAUSE_MS = 350;
const SAMPLE = 8;

export function BuildTab({ route }: { readonly route: SegmentsRoute }) {
  const sources = useQuery<Sources>('/api/v1/segments/sources');
  if (route.segmentId === undefined) {
    return (
      <Answered query={sources} rows={10} inCard>
        {(known) => <Builder sources={known} segment={null} rule={parseRule(route.rule)} />}
      </Answered>
    );
  }
  return <Known segmentId={route.segmentId} />;
}

function Known({ segmentId }: { readonly segmentId: string }) {
  const sources = useQuery<Sources>('/api/v1/segments/sources');
  const segment = useQuery<Segment>(`${SEGMENTS}/${encodeURIComponent(segmentId)}`);
  return (
    <Answered query={segment} rows={10} inCard>
      {(known) => (
        <Answered query={sources} rows={10} inCard>
          {(all) => <Builder key={known.revision} sources={all} segment={known} rule={known.rule as Rule} />}
        </Answered>
      )}
    </Answered>
  );
}

interface BuilderProps {
  readonly sources: Sources;
  readonly segment: Segment | null;
  readonly rule: Rule | null;
}

function Builder({ sources, segment, rule: first }: BuilderProps) {
  const { t } = useTranslation();
  const [rule, setRule] = useState<Rule>(first ?? { all: [blankOf('lifecycle')] });
  const [name, setName] = useState(segment?.name ?? '');
  const [note, setNote] = useState(segment?.note ?? '');
  const { busy, error, send } = useSend();
  const toast = useToast();
  const asked = askable(rule);
  const count = useCount(asked);
  // The address keeps the rule, so that a reload or a colleague gets it.
  const change = (next: Rule) => {
    setRule(next);
    if (segment === null)
      history.replaceState(null, '', `/segments?tab=build&rule=${encodeURIComponent(JSON.stringify(next))}`);
  };
  const save = async () => {
    const body = { name: name.trim(), note, rule: asked, currency: segment?.currency ?? null };
    const done =
      segment === null
        ? await send<Segment>('POST', SEGMENTS, body)
        : await send<Segment>('PUT', `${SEGMENTS}/${encodeURIComponent(segment.id)}`, {
            ...body,
            revision: segment.revision,
          });
    if (done === null) return;
    await refresh(SEGMENTS);
    go({ page: 'segments', tab: 'saved' });
    if (segment === null) return;
    const at = `${SEGMENTS}/${encodeURIComponent(segment.id)}`;
    await refresh(at);
    const undo = async () => {
      const { name: wasName, note: wasNote, rule: wasRule, currency } = segment;
      const was = { name: wasName, note: wasNote, rule: wasRule, currency, revision: done.revision };
      // Somebody who changed it since is not overwritten.
      const undone = await sendNow('PUT', at, was).catch(() => null);
      await Promise.all([SEGMENTS, at].map(refresh));
      if (undone === null) toast({ text: t('shell.undoFailed') });
    };
    toast({ text: t('shell.saved'), undo });
  };
  return (
    <div className="split-side">
      <Card title={t('segment.rule')}>
        <RuleBuilder rule={rule} sources={sources} onChange={change} />
      </Card>
      <div className="stack">
        <Card title={t('segment.matching')}>
          <CountView count={count} />
        </Card>
        <Changeable right="segments.write">
          <Card title={segment === null ? t('segment.saveNew') : t('segment.update')}>
            <div className="stack">
              <div className="field">
                <label htmlFor="segment-name">{t('segment.name')}</label>
                <Input
                  id="segment-name"
                  value={name}
                  maxLength={200}
                  onChange={(event) => setName(event.target.value)}
                  data-testid="segment-name"
                />
              </div>
              <div className="field">
                <label htmlFor="segment-note">{t('segment.note')}</label>
                <Input.TextArea
                  id="segment-note"
                  rows={2}
                  maxLength={2_000}
                  value={note}
                  onChange={(event) => setNote(event.target.value)}
                />
              </div>
              <Problem error={error} />
              <Button
                type="primary"
                loading={busy}
                disabled={asked === null || name.trim() === ''}
                title={name.trim() === '' ? t('segment.nameNeeded') : ''}
                onClick={() => void save()}
                data-testid="segment-save"
              >
                {t(segment === null ? 'segment.saveNew' : 'segment.update')}
              </Button>
            </div>
          </Card>
        </Changeable>
      </div>
    </div>
  );
}

type Counted = { readonly count: Count | null; readonly error: ApiError | null; readonly waiting: boolean };

function CountView({ count: { count, error, waiting } }: { readonly count: Counted }) {
  const { t } = useTranslation();
  return (
    <div className="stack" aria-live="polite">
      <div className="factor-big">
        <span className="factor-value num" data-testid="rule-count" data-waiting={waiting}>
          {count === null ? '—' : formatCount(count.members)}
        </span>
        {waiting && <span className="muted"> {t('segment.counting')}</span>}
      </div>
      {error !== null && <Problem error={error} />}
      {count !== null && count.sample.length > 0 && (
        <>
          <p className="muted">{t('segment.sample')}</p>
          <ul className="sample">
            {count.sample.map(({ memberId, name, cardNo }) => (
              <li key={memberId}>
                <Link to={{ page: 'member', id: memberId }}>{name}</Link>{' '}
                <span className="muted num">…{cardNo.slice(-4)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

/** Counted a moment after the last change; the count before stays until then. */
function useCount(rule: Rule | null): Counted {
  const [state, setState] = useState<Counted>({ count: null, error: null, waiting: true });
  const key = JSON.stringify(rule);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rule is its text
  useEffect(() => {
    if (rule === null) {
      setState({ count: null, error: null, waiting: false });
      return;
    }
    let late = false;
    setState((before) => ({ ...before, waiting: true }));
    const timer = setTimeout(() => {
      sendNow<Count>('POST', '/api/v1/segments/count', { rule, sample: SAMPLE }).then(
        (count) => !late && setState({ count, error: null, waiting: false }),
        (cause: unknown) => {
          const error =
            cause instanceof ApiError ? cause : new ApiError('server', null, String(cause), cause);
          if (!late) setState((before) => ({ ...before, error, waiting: false }));
        },
      );
    }, PAUSE_MS);
    return () => {
      late = true;
      clearTimeout(timer);
    };
  }, [key]);
  return state;
}
