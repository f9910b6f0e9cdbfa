/**
 * The command palette: pages at once, and while one types members, receipts and items of HQ.
 */
import { Modal } from 'antd';
import { type KeyboardEvent, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../parts/icons.tsx';
import { type Hit, searchHq } from './palette-search.ts';
import { PLACES, SALES_TABS } from './places.ts';
import { goHref } from './router.tsx';
import { hrefOf } from './routes.ts';
import { useViews } from './views.ts';

/** A pause of this length ends a word: less asks HQ for every letter. */
const PAUSE_MS = 160;

export function Palette({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(0);
  const pages = usePages(typed);
  const { hits: found, asked } = useFound(typed);
  const hits = [...pages, ...found];
  const pick = (hit: Hit | undefined) => {
    if (hit === undefined) return;
    onClose();
    goHref(hit.href);
  };
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && hits.length > 0) {
      event.preventDefault();
      setChosen((chosen + step + hits.length) % hits.length);
    }
    if (event.key === 'Enter') pick(hits[chosen]);
  };
  return (
    <Modal
      open
      onCancel={onClose}
      footer={null}
      closable={false}
      width={560}
      className="palette"
      title={null}
    >
      <div className="palette-input">
        <Icon name="search" />
        <input
          // biome-ignore lint/a11y/noAutofocus: the palette is opened to type into it
          autoFocus
          role="combobox"
          aria-expanded
          aria-controls="palette-hits"
          aria-activedescendant={hits[chosen] === undefined ? undefined : `hit-${chosen}`}
          aria-label={t('shell.search')}
          placeholder={t('shell.search')}
          value={typed}
          data-testid="palette-input"
          onChange={(event) => {
            setTyped(event.target.value);
            setChosen(0);
          }}
          onKeyDown={onKey}
        />
      </div>
      <div id="palette-hits" role="listbox" aria-label={t('shell.search')} className="palette-hits">
        {hits.map((hit, index) => (
          <a
            key={`${hit.icon} ${hit.href}`}
            id={`hit-${index}`}
            role="option"
            aria-selected={index === chosen}
            tabIndex={-1}
            href={hit.href}
            className="palette-hit"
            data-testid={`palette-hit-${index}`}
            onMouseMove={() => setChosen(index)}
            onClick={(event) => {
              event.preventDefault();
              pick(hit);
            }}
          >
            <Icon name={hit.icon} />
            <span>{hit.title}</span>
            <span className="muted">{hit.note}</span>
          </a>
        ))}
      </div>
      {hits.length === 0 && asked && (
        <p className="muted palette-none">{t('shell.searchNone', { q: typed })}</p>
      )}
      <p className="muted palette-hint">{t('shell.searchHint')}</p>
    </Modal>
  );
}

function usePages(typed: string): Hit[] {
  const { t } = useTranslation();
  const views = useViews();
  const all = useMemo<Hit[]>(
    () => [
      ...PLACES.map(({ to, word, icon }) => ({
        href: hrefOf(to),
        title: t(`place.${word}`),
        note: '',
        icon,
      })),
      ...SALES_TABS.map(({ to, word }) => ({
        href: hrefOf(to),
        title: t(`place.${word}`),
        note: t('place.analysis'),
        icon: 'sales' as const,
      })),
      ...views.map(({ href, name }) => ({
        href,
        title: name,
        note: t('shell.views'),
        icon: 'view' as const,
      })),
    ],
    [t, views],
  );
  const words = typed.trim().toLowerCase();
  return all.filter(({ title, note }) => `${title} ${note}`.toLowerCase().includes(words)).slice(0, 8);
}

function useFound(typed: string): { hits: readonly Hit[]; asked: boolean } {
  const [found, setFound] = useState<{ q: string; hits: readonly Hit[] }>({ q: '', hits: [] });
  const q = typed.trim();
  useEffect(() => {
    if (q.length < 2) return;
    let late = false;
    const timer = setTimeout(() => {
      void searchHq(q).then((hits) => {
        if (!late) setFound({ q, hits });
      });
    }, PAUSE_MS);
    return () => {
      late = true;
      clearTimeout(timer);
    };
  }, [q]);
  return q === found.q ? { hits: found.hits, asked: true } : { hits: [], asked: q === '' };
}
