/** An address that leads nowhere, and the way back. */
import { useTranslation } from 'react-i18next';
import { Notice } from '../parts/notice.tsx';
import { Page } from './page.tsx';
import { Link } from './router.tsx';

export function MissingPage() {
  const { t } = useTranslation();
  return (
    <Page title={t('empty.missing')}>
      <section className="card">
        <Notice icon="search" title={t('empty.missing')} help={t('empty.missingHelp')}>
          <Link to={{ page: 'today' }}>{t('empty.toToday')}</Link>
        </Notice>
      </section>
    </Page>
  );
}
