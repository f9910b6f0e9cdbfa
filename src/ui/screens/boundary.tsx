/**
 * Boundary: an error of the screen never leaves a blank page. The till itself runs in another process.
 */
import { Component, type ReactNode } from 'react';
import { useSay } from '../i18n/words.ts';
import { Icon } from './icons.tsx';

export class Boundary extends Component<{ readonly children: ReactNode }, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(error: unknown): void {
    console.error('screen failed', error);
  }

  override render(): ReactNode {
    return this.state.failed ? <ScreenFailed /> : this.props.children;
  }
}

function ScreenFailed() {
  const say = useSay();
  return (
    <main className="page-state" role="alert">
      <span className="page-state-icon bad">
        <Icon name="warning" size={40} />
      </span>
      <h1>{say('boundary.title')}</h1>
      <p>{say('boundary.text')}</p>
      <button type="button" className="button primary" onClick={() => window.location.reload()}>
        {say('act.reload')}
      </button>
    </main>
  );
}
