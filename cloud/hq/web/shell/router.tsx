/**
 * The browser's address as the one state of where we are: back, forward, reload and a new tab all work.
 */
import { type AnchorHTMLAttributes, type MouseEvent, useMemo, useSyncExternalStore } from 'react';
import { hrefOf, parseRoute, type Route } from './routes.ts';

const listeners = new Set<() => void>();

export function useRoute(): Route {
  const address = useSyncExternalStore(subscribe, currentAddress);
  return useMemo(() => {
    const [pathname, query] = address.split('?') as [string, string?];
    return parseRoute(pathname, query ?? '');
  }, [address]);
}

/** Goes somewhere; a change of filter keeps the place on the page. */
export function go(route: Route): void {
  goHref(hrefOf(route));
}

/** @param href path and query, of this console */
export function goHref(href: string): void {
  if (href === currentAddress()) return;
  const samePage = href.split('?')[0] === location.pathname;
  history.pushState(null, '', href);
  for (const listener of listeners) listener();
  if (!samePage) window.scrollTo(0, 0);
}

export type LinkProps = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> & {
  readonly to: Route;
  readonly 'data-testid'?: string;
};

/** A real link: it can be opened in a new tab and copied. */
export function Link({ to, onClick, ...rest }: LinkProps) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || opensElsewhere(event)) return;
    event.preventDefault();
    event.stopPropagation();
    go(to);
  };
  return <a href={hrefOf(to)} onClick={follow} {...rest} />;
}

/** Whether a click asks the browser for a new tab or window. */
export function opensElsewhere(event: MouseEvent): boolean {
  return event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
}

function currentAddress(): string {
  return location.pathname + location.search;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    removeEventListener('popstate', listener);
  };
}
