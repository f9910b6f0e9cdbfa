/**
 * Bringing members in: a file or pasted rows, what each column means, a trial that names every fault, then the import itself.
 *
 * Nothing is stored before the trial was seen. The same file again changes nothing.
 */
import { Button, Input, Progress, Steps, Upload } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { search } from '../../api/paths.ts';
import { type Query, useQuery } from '../../api/use-query.ts';
import { useSend } from '../../api/use-send.ts';
import { dateMinute, dateTime } from '../../format/date.ts';
import { formatCount } from '../../format/number.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { type Column, DataTable, ExportButton } from '../../parts/data-table.tsx';
import { Icon } from '../../parts/icons.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Problem } from '../../parts/problem.tsx';
import { NARROW, useMedia } from '../../parts/use-media.ts';
import { ColumnMapping, type ImportPreview } from './import-mapping.tsx';

const IMPORTS = '/api/v1/imports';
const LOOK_AGAIN_MS = 400;
/** Characters. */
const LONG_PASTE = 20_000;

interface Run {
  readonly id: string;
  readonly state: 'running' | 'done' | 'failed' | 'stopped';
  readonly dryRun: boolean;
  readonly fileName: string;
  readonly total: number;
  readonly rows: number;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly faults: readonly Fault[];
  readonly by: string;
  readonly startedAtMs: number;
}
interface Runs {
  readonly runs: readonly Run[];
}
interface Fault {
  readonly row: number;
  readonly column: string | null;
  readonly kind: string;
  readonly message: string;
}
interface Chosen {
  readonly name: string;
  readonly body: Blob;
}

export function ImportTab() {
  const { t } = useTranslation();
  const narrow = useMedia(NARROW);
  const [file, setFile] = useState<Chosen | null>(null);
  const [preview, setPreview] = useState<ImportPreview | null>(null);
  const [mapping, setMapping] = useState<Readonly<Record<string, string | null>>>({});
  const [trial, setTrial] = useState<Run | null>(null);
  const [real, setReal] = useState<Run | null>(null);
  const { busy, error, send } = useSend();
  const runs = useQuery<Runs>(IMPORTS);
  // HQ goes on by itself: after a reload, or when the answer to its start was lost, it is found again here.
  const going = runs.data?.runs.find(
    ({ id, state, dryRun }) => state === 'running' && !dryRun && id !== real?.id,
  );
  const type = { 'Content-Type': 'application/octet-stream' };
  const take = async (chosen: Chosen) => {
    const seen = await send<ImportPreview>('POST', `${IMPORTS}/preview`, chosen.body, type);
    if (seen === null) return;
    setFile(chosen);
    setPreview(seen);
    setMapping(Object.fromEntries(seen.columns.map(({ header, target }) => [header, target])));
    setTrial(null);
    setReal(null);
  };
  const run = async (dryRun: boolean) => {
    const query = { dryRun: String(dryRun), fileName: file!.name, mapping: JSON.stringify(mapping) };
    const started = await send<Run>('POST', `${IMPORTS}${search(query)}`, file!.body, type);
    if (started !== null) (dryRun ? setTrial : setReal)(started);
    else runs.retry();
  };
  const map = (header: string, target: string | null) => {
    setMapping({ ...mapping, [header]: target });
    // Another meaning asks for another trial.
    setTrial(null);
  };
  const step = real !== null ? 3 : trial !== null ? 2 : preview !== null ? 1 : 0;
  return (
    <>
      <Card title={t('member.import')}>
        <div className="stack">
          <Steps
            size="small"
            responsive={false}
            titlePlacement={narrow ? 'vertical' : 'horizontal'}
            current={step}
            items={(['stepFile', 'stepColumns', 'stepTrial', 'stepImport'] as const).map((word) => ({
              title: t(`member.${word}`),
            }))}
          />
          <FileField busy={busy} onFile={(chosen) => void take(chosen)} />
          <Problem error={error} />
          {preview !== null && (
            <>
              <p className="num" data-testid="import-seen">
                {t('member.fileSeen', {
                  name: file!.name,
                  rows: formatCount(preview.rows),
                  format: [preview.format, preview.encoding, preview.sheet].filter(Boolean).join(' · '),
                })}
              </p>
              <ColumnMapping preview={preview} mapping={mapping} onMap={map} />
              <div className="form-row">
                <Button loading={busy} onClick={() => void run(true)} data-testid="import-trial">
                  {t('member.tryImport')}
                </Button>
                <Button
                  type="primary"
                  loading={busy}
                  disabled={trial?.state !== 'done' || trial.total === trial.refused || real !== null}
                  onClick={() => void run(false)}
                  data-testid="import-run"
                >
                  {t('member.runImport')}
                </Button>
              </div>
            </>
          )}
          {trial !== null && <RunReport run={trial} onChange={setTrial} />}
          {real !== null && <RunReport run={real} onChange={setReal} />}
          {going !== undefined && <RunReport key={going.id} run={going} onChange={() => runs.retry()} />}
        </div>
      </Card>
      <PastRuns runs={runs} last={real?.state} />
    </>
  );
}

/** A file, or rows out of a spreadsheet: what is pasted is a file of tabs. */
function FileField({ busy, onFile }: { readonly busy: boolean; readonly onFile: (file: Chosen) => void }) {
  const { t } = useTranslation();
  const [pasted, setPasted] = useState('');
  return (
    <div className="split">
      <Upload.Dragger
        accept=".csv,.txt,.xlsx"
        showUploadList={false}
        disabled={busy}
        beforeUpload={(file) => {
          onFile({ name: file.name, body: file });
          return false;
        }}
      >
        <p>{t('member.dropFile')}</p>
        <p className="muted">{t('member.dropHelp')}</p>
      </Upload.Dragger>
      <div className="stack">
        <Input.TextArea
          rows={4}
          value={pasted}
          placeholder={t('member.paste')}
          aria-label={t('member.paste')}
          onPaste={(event) => {
            const text = event.clipboardData.getData('text');
            if (text.length < LONG_PASTE) return;
            // A field with ten thousand lines is slow, and nobody reads them there: it is a file already.
            event.preventDefault();
            onFile({ name: 'paste.csv', body: new Blob([text]) });
          }}
          onChange={(event) => setPasted(event.target.value)}
          data-testid="import-paste"
        />
        <div>
          <Button
            disabled={pasted.trim() === '' || busy}
            onClick={() => onFile({ name: 'paste.csv', body: new Blob([pasted]) })}
            data-testid="import-take"
          >
            {t('member.takePasted')}
          </Button>
        </div>
      </div>
    </div>
  );
}

function RunReport({ run, onChange }: { readonly run: Run; readonly onChange: (run: Run) => void }) {
  const { t } = useTranslation();
  const query = useQuery<Run>(`${IMPORTS}/${encodeURIComponent(run.id)}`);
  const now = query.data ?? run;
  const { retry } = query;
  useEffect(() => {
    if (now.state !== run.state) onChange(now);
    if (now.state !== 'running') return;
    const timer = setTimeout(retry, LOOK_AGAIN_MS);
    return () => clearTimeout(timer);
  });
  const columns: Column<Fault>[] = [
    { key: 'row', title: t('member.row'), number: true, value: ({ row }) => row },
    { key: 'column', title: t('member.column'), value: ({ column }) => column },
    { key: 'message', title: t('member.fault'), value: ({ message }) => message },
  ];
  const name = run.dryRun ? 'trial-report' : 'done-report';
  return (
    <div className="note-box" role="status" data-testid={`import-${name}`} data-state={now.state}>
      <b>{t(run.dryRun ? 'member.trialSays' : 'member.importSays')}</b>
      {now.state === 'running' && (
        <Progress
          aria-label={t('member.import')}
          percent={Math.round((100 * now.rows) / Math.max(1, now.total))}
          size="small"
        />
      )}
      <p className="num">
        {t('member.runSays', {
          added: formatCount(now.added),
          changed: formatCount(now.changed),
          unchanged: formatCount(now.unchanged),
          refused: formatCount(now.refused),
        })}
      </p>
      {query.error !== null && now.state === 'running' && (
        <p className="warn-text" data-testid="import-line-lost">
          <Icon name="offline" /> {t('member.lineLost')}
        </p>
      )}
      {(now.state === 'failed' || now.state === 'stopped') && (
        <p className="bad-text">{t(`member.run_${now.state}`)}</p>
      )}
      {now.faults.length > 0 && (
        <>
          <ExportButton name="faults" rows={now.faults} columns={columns} />
          <DataTable
            name="faults"
            rows={now.faults}
            columns={columns}
            rowKey={({ row, column, kind }) => `${row} ${column} ${kind}`}
            pageRows={10}
          />
        </>
      )}
    </div>
  );
}

function PastRuns({ runs, last }: { readonly runs: Query<Runs>; readonly last: string | undefined }) {
  const { t } = useTranslation();
  const { retry } = runs;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when the import above has ended
  useEffect(() => retry(), [last]);
  const number = (key: 'added' | 'changed' | 'refused', title: string): Column<Run> => ({
    key,
    title,
    number: true,
    value: (run) => run[key],
  });
  const columns: Column<Run>[] = [
    {
      key: 'at',
      title: t('audit.when'),
      value: ({ startedAtMs }) => startedAtMs,
      exported: ({ startedAtMs }) => dateTime(startedAtMs, undefined),
      show: ({ startedAtMs }) => <span className="num">{dateMinute(startedAtMs, undefined)}</span>,
    },
    { key: 'file', title: t('member.stepFile'), value: ({ fileName }) => fileName },
    {
      key: 'dry',
      title: t('setting.state'),
      value: ({ dryRun, state }) => `${t(dryRun ? 'member.stepTrial' : 'member.stepImport')} · ${state}`,
    },
    number('added', t('member.added')),
    number('changed', t('member.changed')),
    number('refused', t('member.refusedRows')),
    { key: 'by', title: t('audit.who'), from: 'md', value: ({ by }) => by },
  ];
  return (
    <Card
      title={t('member.pastImports')}
      extra={<ExportButton name="imports" rows={runs.data?.runs ?? []} columns={columns} />}
      className="card-table"
    >
      <Answered query={runs} rows={3}>
        {(list) => (
          <DataTable
            name="imports"
            rows={list.runs}
            columns={columns}
            rowKey={({ id }) => id}
            pageRows={10}
            empty={<Notice icon="member" title={t('member.noImports')} help={t('member.noImportsHelp')} />}
          />
        )}
      </Answered>
    </Card>
  );
}
