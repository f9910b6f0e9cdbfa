/** The look of the house: name, colour and mark, seen before they are kept. */
import { Button, ColorPicker, Input } from 'antd';
import { type ChangeEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { refresh } from '../../api/query-cache.ts';
import { useQuery } from '../../api/use-query.ts';
import { useSend } from '../../api/use-send.ts';
import { BRANDING, type Brand, showBrand } from '../../brand.ts';
import { Answered } from '../../parts/answered.tsx';
import { BrandMark } from '../../parts/brand-mark.tsx';
import { Card } from '../../parts/card.tsx';
import { Field } from '../../parts/field.tsx';
import { Icon } from '../../parts/icons.tsx';
import { Problem } from '../../parts/problem.tsx';
import { useToast } from '../../parts/toast.tsx';
import { Changeable } from '../../shell/guard.tsx';

const MARK_BYTES_MAX = 32 * 1024;

export function BrandingTab() {
  const { t } = useTranslation();
  const brand = useQuery<Brand>(BRANDING);
  return (
    <Card title={t('brand.title')} className="narrow-card">
      <p className="muted">{t('brand.help')}</p>
      <Answered query={brand} rows={6}>
        {(known) => (
          <Changeable right="stores.write">
            <Form key={known.revision} known={known} />
          </Changeable>
        )}
      </Answered>
    </Card>
  );
}

function Form({ known }: { readonly known: Brand }) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(known);
  const [fault, setFault] = useState<string | null>(null);
  const file = useRef<HTMLInputElement>(null);
  const { busy, error, send } = useSend();
  const toast = useToast();
  const put = async ({ revision, ...body }: Brand) => {
    const done = await send<Brand>('PUT', BRANDING, body, { 'If-Match': `"${revision}"` });
    if (done === null) return null;
    showBrand(done);
    await refresh(BRANDING);
    return done;
  };
  const save = async () => {
    const done = await put({ ...draft, name: draft.name.trim() });
    if (done === null) return;
    toast({
      text: t('shell.saved'),
      undo: async () => void (await put({ ...known, revision: done.revision })),
    });
  };
  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const chosen = event.target.files?.[0];
    event.target.value = '';
    if (chosen === undefined) return;
    if (chosen.size > MARK_BYTES_MAX)
      return setFault(t('brand.tooBig', { kb: Math.ceil(chosen.size / 1024) }));
    const bytes = new Uint8Array(await chosen.arrayBuffer());
    if (bytes[0] !== 0x89 || bytes[1] !== 0x50) return setFault(t('brand.notPicture'));
    setFault(null);
    setDraft({ ...draft, markPng: btoa(String.fromCharCode(...bytes)) });
  };
  return (
    <div className="stack">
      <Field label={t('brand.name')}>
        <Input
          value={draft.name}
          maxLength={40}
          aria-label={t('brand.name')}
          onChange={(event) => setDraft({ ...draft, name: event.target.value })}
          data-testid="brand-name"
        />
      </Field>
      <Field label={t('brand.colour')}>
        <div className="form-row">
          <ColorPicker
            value={draft.colour}
            disabledAlpha
            format="hex"
            showText
            onChangeComplete={(colour) => setDraft({ ...draft, colour: colour.toHexString().toLowerCase() })}
          />
          <span className="muted">{t('brand.colourHelp')}</span>
        </div>
      </Field>
      <Field label={t('brand.mark')}>
        <div className="form-row">
          <Button onClick={() => file.current?.click()}>{t('brand.choose')}</Button>
          {draft.markPng !== null && (
            <Button type="text" onClick={() => setDraft({ ...draft, markPng: null })}>
              {t('shell.remove')}
            </Button>
          )}
          <span className="muted">{t('brand.markHelp')}</span>
          <input
            ref={file}
            type="file"
            accept="image/png"
            hidden
            onChange={(event) => void choose(event)}
            data-testid="brand-file"
          />
        </div>
      </Field>
      {fault !== null && (
        <p className="field-problem" role="alert" data-testid="brand-fault">
          <Icon name="warn" /> {fault}
        </p>
      )}
      <Field label={t('brand.preview')}>
        <div className="brand-preview" style={{ background: draft.colour }}>
          <BrandMark brand={draft} />
        </div>
      </Field>
      <Problem error={error} />
      <div className="form-row">
        <Button
          type="primary"
          loading={busy}
          disabled={draft.name.trim() === '' || JSON.stringify(draft) === JSON.stringify(known)}
          onClick={() => void save()}
          data-testid="brand-save"
        >
          {t('shell.save')}
        </Button>
      </div>
    </div>
  );
}
