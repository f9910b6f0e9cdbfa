/** The button beside the search: saved views, the page's link, print. */
import { Button, Input, Popover } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../parts/icons.tsx';
import { goHref } from './router.tsx';
import { removeView, saveView, useViews } from './views.ts';

export function ViewsMenu({ title }: { readonly title: string }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger="click"
      placement="bottomRight"
      content={<Menu title={title} onDone={() => setOpen(false)} />}
    >
      <button type="button" className="tool-button" aria-label={t('shell.views')} data-testid="views-button">
        <Icon name="view" />
      </button>
    </Popover>
  );
}

function Menu({ title, onDone }: { readonly title: string; readonly onDone: () => void }) {
  const { t } = useTranslation();
  const views = useViews();
  const [name, setName] = useState('');
  const [copied, setCopied] = useState(false);
  const save = (event: FormEvent) => {
    event.preventDefault();
    saveView({ name: name.trim() || title, href: location.pathname + location.search });
    setName('');
  };
  const copy = async () => {
    await navigator.clipboard?.writeText(location.href);
    setCopied(true);
  };
  return (
    <div className="views">
      {views.length === 0 ? (
        <p className="muted">{t('shell.noViews')}</p>
      ) : (
        <ul>
          {views.map((view) => (
            <li key={view.name}>
              <a
                href={view.href}
                onClick={(event) => {
                  event.preventDefault();
                  goHref(view.href);
                  onDone();
                }}
              >
                {view.name}
              </a>
              <button
                type="button"
                className="tool-button"
                aria-label={`${t('shell.remove')} ${view.name}`}
                onClick={() => removeView(view.name)}
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <form onSubmit={save} className="views-form">
        <Input
          value={name}
          placeholder={title}
          aria-label={t('shell.viewName')}
          onChange={(event) => setName(event.target.value)}
          data-testid="view-name"
        />
        <Button htmlType="submit" data-testid="view-save">
          {t('shell.saveView')}
        </Button>
      </form>
      <p className="muted views-why">{t('shell.viewsWhy')}</p>
      <div className="views-form">
        <Button onClick={() => void copy()} icon={<Icon name="link" />}>
          {t(copied ? 'shell.copied' : 'shell.copyLink')}
        </Button>
        <Button onClick={() => print()} icon={<Icon name="print" />}>
          {t('shell.print')}
        </Button>
      </div>
    </div>
  );
}
