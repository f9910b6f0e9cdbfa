/** Where a number comes from: its name is a button, and what it opens says how it is worked out and leads to what is behind it. */
import { Popover } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from '../shell/router.tsx';
import type { Route } from '../shell/routes.ts';

export interface Explanation {
  /** In words, with the numbers of the moment. */
  readonly how: string;
  readonly to?: Route;
  readonly toWord?: string;
}

/** Opens under a pointer, by a tap and by Enter. */
export function Explained({ label, how, to, toWord }: Explanation & { readonly label: string }) {
  const { t } = useTranslation();
  return (
    <Popover
      trigger={['hover', 'click']}
      placement="topLeft"
      mouseEnterDelay={0.3}
      content={
        <div className="explanation">
          <p>{how}</p>
          {to !== undefined && <Link to={to}>{toWord ?? t('explain.receipts')}</Link>}
        </div>
      }
    >
      <button type="button" className="explain" title="" aria-label={t('explain.how', { label })}>
        {label}
      </button>
    </Popover>
  );
}
