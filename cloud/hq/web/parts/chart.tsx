/**
 * A chart. Its library is a file of its own, asked for when the first chart is shown; until then its place is kept.
 */
import { useEffect, useRef, useState } from 'react';
import type { ChartOption, ChartView } from './chart-kit.ts';

export interface ChartProps {
  readonly option: ChartOption;
  readonly heightPx: number;
  /** The chart in words, for who cannot see it. */
  readonly label: string;
  /** A place on the category axis was chosen. */
  readonly onPick?: (index: number) => void;
}

export function Chart({ option, heightPx, label, onPick }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const pick = useRef(onPick);
  pick.current = onPick;
  const [view, setView] = useState<ChartView | null>(null);

  useEffect(() => {
    let gone = false;
    let made: ChartView | null = null;
    void import('./chart-kit.ts').then(({ makeChart }) => {
      if (gone || place.current === null) return;
      made = makeChart(place.current, (index) => pick.current?.(index));
      setView(made);
    });
    return () => {
      gone = true;
      made?.dispose();
    };
  }, []);

  useEffect(() => view?.show(option), [view, option]);

  return <div ref={place} className="chart" style={{ height: heightPx }} role="img" aria-label={label} />;
}
