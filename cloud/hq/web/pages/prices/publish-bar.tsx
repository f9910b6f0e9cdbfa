/** What the draft changes, what it would have cost, and its way to the tills. */
import { Button, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { RulePreview } from '../../../catalog-schemas.ts';
import { usePut } from '../../api/use-put.ts';
import { useSend } from '../../api/use-send.ts';
import { addDays } from '../../format/date.ts';
import { changesPath } from '../../parts/changes-card.tsx';
import { Problem } from '../../parts/problem.tsx';
import { newestDate, useStores } from '../../parts/stores.ts';
import { useToast } from '../../parts/toast.tsx';
import { useNow } from '../../parts/use-now.ts';
import { type Difference, dropDraft, newVersion, toPublish, versionBack } from './draft.ts';
import { PreviewBooks } from './preview-books.tsx';
import { type Draft, RULES, useRules } from './use-rules.ts';

type Preview = z.infer<typeof RulePreview>;

export function PublishBar({
  draft,
  difference,
}: {
  readonly draft: Draft;
  readonly difference: Difference;
}) {
  const { t } = useTranslation();
  const { set, problems, discard } = draft;
  const changes = difference.added + difference.changed + difference.removed;
  const [asking, setAsking] = useState(false);
  const [done, setDone] = useState<string | null>(null);
  const { busy, error, put } = usePut(RULES);
  const rules = useRules();
  const toast = useToast();
  const publish = async () => {
    const version = newVersion(Date.now());
    const taken = await put({
      body: toPublish(set, version),
      read: rules.data,
      back: () => toPublish(draft.current, versionBack(Date.now())),
      text: t('price.published', { version }),
      also: [changesPath('prices')],
    });
    if (!taken) return;
    dropDraft();
    setAsking(false);
    setDone(version);
  };
  const dropAll = () => {
    discard();
    toast({ text: t('price.discarded'), undo: () => draft.change(set) });
  };
  return (
    <section className="card publish-bar">
      <div className="form-row">
        <span data-testid="draft-state">
          {changes === 0 ? t('price.draftSame') : t('price.draftChanged', { count: changes })}
        </span>
        <Trial draft={draft} />
        <span className="publish-buttons">
          {changes > 0 && (
            <Button onClick={dropAll} data-testid="discard">
              {t('price.discard')}
            </Button>
          )}
          <Button
            type="primary"
            disabled={changes === 0 || problems.length > 0}
            onClick={() => setAsking(true)}
            data-testid="publish"
          >
            {t('price.publish')}
          </Button>
        </span>
      </div>
      {done !== null && changes === 0 && <p className="saved">{t('price.published', { version: done })}</p>}
      {problems.length > 0 && (
        <div className="form-problem" role="alert" data-testid="rule-problems">
          <div>
            <b>{t('price.problems')}</b>
            <ul>
              {problems.slice(0, 8).map(({ path, expected }) => (
                <li key={path}>
                  <code>{path}</code> {expected}
                </li>
              ))}
            </ul>
          </div>
        </div>
      )}
      <Modal
        open={asking}
        title={t('price.publishSure')}
        okText={t('price.publish')}
        cancelText={t('shell.cancel')}
        okButtonProps={{ loading: busy, 'data-testid': 'publish-sure' } as never}
        onOk={() => void publish()}
        onCancel={() => setAsking(false)}
      >
        <p>{t('price.publishWhat', { ...difference })}</p>
        <Problem error={error} />
      </Modal>
    </section>
  );
}

/** The sales of yesterday, priced by the draft. */
function Trial({ draft: { set, problems } }: { readonly draft: Draft }) {
  const { t } = useTranslation();
  const stores = useStores().data?.stores ?? [];
  const date = addDays(newestDate(stores, useNow()), -1);
  const [preview, setPreview] = useState<{ text: string; answer: Preview } | null>(null);
  const { busy, error, send } = useSend();
  const text = JSON.stringify(set);
  const ask = async () => {
    const answer = await send<Preview>('POST', `${RULES}/preview`, {
      businessDate: date,
      rules: toPublish(set, 'preview'),
    });
    if (answer !== null) setPreview({ text, answer });
  };
  return (
    <span className="trial">
      <Button disabled={problems.length > 0} loading={busy} onClick={() => void ask()} data-testid="preview">
        {t('price.preview', { date })}
      </Button>
      {preview?.text === text && (
        <span data-testid="preview-answer">
          <PreviewBooks books={preview.answer.books} />
        </span>
      )}
      <Problem error={error} />
    </span>
  );
}
