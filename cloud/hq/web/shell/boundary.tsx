/**
 * What is shown when a page throws: a way on, never a blank page. The next address starts afresh.
 */
import { Button } from 'antd';
import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Notice } from '../parts/notice.tsx';

export class Boundary extends Component<{ readonly children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override render(): ReactNode {
    return this.state.broken ? (
      <Broken again={() => this.setState({ broken: false })} />
    ) : (
      this.props.children
    );
  }
}

function Broken({ again }: { readonly again: () => void }) {
  const { t } = useTranslation();
  return (
    <main className="page-body">
      <section className="card">
        <Notice icon="warn" title={t('state.crashed')} help={t('state.crashedHelp')}>
          <Button onClick={again}>{t('state.reload')}</Button>
        </Notice>
      </section>
    </main>
  );
}
