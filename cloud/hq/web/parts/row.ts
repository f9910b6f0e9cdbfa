/**
 * A table row that leads somewhere. The link in its first cell serves keyboard and new tabs; the row itself is the
 * larger place to click.
 */
import type { HTMLAttributes, MouseEvent } from 'react';
import { go, opensElsewhere } from '../shell/router.tsx';
import { hrefOf, type Route } from '../shell/routes.ts';

type RowProps = HTMLAttributes<HTMLElement> & { readonly 'data-testid'?: string };

export function rowGoes(to: Route, testid: string): RowProps {
  return {
    className: 'row-goes',
    'data-testid': testid,
    onClick: (event: MouseEvent) => {
      // The link inside goes by itself, and who marks a number to copy it wants to stay.
      if ((event.target as Element).closest('a, button') !== null || getSelection()?.type === 'Range') return;
      if (opensElsewhere(event)) window.open(hrefOf(to));
      else go(to);
    },
  };
}
