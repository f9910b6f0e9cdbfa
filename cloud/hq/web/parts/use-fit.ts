/**
 * Tables that are wider than their place. On a phone one stands as cards instead, each value under the name of its column; on
 * a desk its cells take several lines.
 *
 * What fits stays as it is, and so it is found out by looking: how wide a table is hangs on its words, hence on the language.
 */
import { type RefObject, useEffect, useRef, useState } from 'react';
import { NARROW, useMedia, usePrinting } from './use-media.ts';

/**
 * @param what  other columns under other names: it is looked anew. Empty while there is no table
 * @returns     the place to put the table into, and how it is to stand (`styles/stacked.css`)
 */
export function useFit(what: string): {
  readonly place: RefObject<HTMLDivElement | null>;
  readonly fit: 'free' | 'tight' | 'stacked';
} {
  const place = useRef<HTMLDivElement>(null);
  const narrow = useMedia(NARROW);
  const printing = usePrinting();
  const [over, setOver] = useState<string | null>(null);
  const key = `${narrow} ${what}`;
  const isOver = over === key;
  useEffect(() => {
    const box = place.current?.querySelector('.ant-table-content');
    const table = box?.querySelector('table');
    if (isOver || printing || box == null || table == null) return;
    // Told before the first picture, when rows come, and when the fonts are there.
    const sizes = new ResizeObserver(() => {
      if (box.scrollWidth > box.clientWidth + 1) setOver(key);
    });
    sizes.observe(table);
    return () => sizes.disconnect();
  }, [isOver, printing, key]);
  return { place, fit: !isOver || printing ? 'free' : narrow ? 'stacked' : 'tight' };
}

/** The columns' names in their cells, for where rows stand as cards. */
export function labelled(title: string): { readonly onCell: () => object } {
  return { onCell: () => ({ 'data-label': title }) };
}
