/**
 * The few signs the console uses, drawn as lines on a 20 px grid. They always stand beside a word.
 */
const PATHS = {
  today: 'M3 16.5h14M5 13V9m5 4V4m5 9V7',
  days: 'M3.5 5.5h13v11h-13zM3.5 9.5h13M8 9.5v7M7 3.5v3m6-3v3',
  receipt: 'M5 3h10v14l-2.5-1.5L10 17l-2.5-1.5L5 17zM8 7.5h4M8 11h4',
  till: 'M4 8.5h12v8H4zM6.5 8.5v-5h7v5M7.5 12.5h5',
  menu: 'M3 6h14M3 10h14M3 14h14',
  back: 'M12 4.5 6.5 10l5.5 5.5',
  next: 'M8 4.5 13.5 10 8 15.5',
  live: 'M10 10h.01M6.5 13.5a5 5 0 0 1 0-7m7 0a5 5 0 0 1 0 7M4 16a8.5 8.5 0 0 1 0-12m12 0a8.5 8.5 0 0 1 0 12',
  wait: 'M10 3.500a6.5 6.5 0 1 0 6.5 6.500M10 6.500V10l2.5 1.5',
  warn: 'M10 3 2.5 16.500h15zM10 8v4m0 2.300v.01',
  online: 'M4.5 10.5 8.5 14.5 15.5 6.5',
  offline:
    'M4 4l12 12M10 15.500h.01M7 12.500a4.5 4.5 0 0 1 3-1.200M3.5 9a9 9 0 0 1 3.5-2.200m3.5-.5A9 9 0 0 1 16.5 9',
  blocked: 'M10 3.500a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13M5.5 5.500l9 9',
  up: 'M10 5l5.5 9.500h-11z',
  down: 'M10 15 4.5 5.500h11z',
  same: 'M5 10h10',
  search: 'M8.8 3.500a5.3 5.3 0 1 1 0 10.6 5.3 5.3 0 0 1 0-10.600M12.7 12.7 17 17',
  refund: 'M7.5 4 4 7.5 7.5 11M4.5 7.500H12a4 4 0 0 1 0 8H8',
  member: 'M10 3.500a3 3 0 1 1 0 6 3 3 0 0 1 0-6M4 16.500c.6-3 3-4.5 6-4.500s5.4 1.5 6 4.5',
  chain:
    'M8.5 11.500a3 3 0 0 0 4.3 0l2.7-2.700a3 3 0 0 0-4.3-4.300l-1 1m1.3 3a3 3 0 0 0-4.3 0l-2.7 2.700a3 3 0 0 0 4.3 4.300l1-1',
  copy: 'M7.5 7.500h9v9h-9zM12.5 7.500v-4h-9v9h4',
  box: 'M3.5 7 10 3.5 16.5 7v6.500L10 17l-6.5-3.500zM3.5 7 10 10.5 16.5 7M10 10.500V17',
  segments: 'M10 10V3.500a6.5 6.5 0 1 1-6.500 6.500zM12.5 3.500a6.5 6.5 0 0 1 4 4h-4z',
  loyalty: 'M10 15.500 4.5 10a3.3 3.3 0 0 1 5.500-3.600A3.3 3.3 0 0 1 15.500 10z',
  prices: 'M3.5 10.500v-7h7l6 6-7 7zM7 7h.01',
  audit: 'M5 3.500h7l3 3v10H5zM7.500 9h5m-5 3h5',
  settings: 'M3.500 6h7m3 0h3M3.500 14h3m3 0h7M12 4v4M8 12v4',
  sales: 'M3 15 7.500 10l3 3L17 5.500M13 5.500h4v4',
  export: 'M10 3.500v8.500m-3.500-3.500L10 12l3.500-3.500M4 14v2.500h12V14',
  view: 'M5.500 3.500h9v13L10 13.200l-4.500 3.300z',
  print: 'M6 8V3.500h8V8M6 13H4V8h12v5h-2M6 11.500h8v5H6z',
  look: 'M10 3.500a6.5 6.5 0 1 0 0 13zM10 3.500a6.5 6.5 0 0 1 0 13',
  plus: 'M10 4.500v11M4.500 10h11',
  trash: 'M4.500 6h11M8 6V4h4v2m-6 0 .7 10.500h6.600L14 6',
  link: 'M8.500 11.500a3 3 0 0 0 4.300 0l2.200-2.200a3 3 0 0 0-4.300-4.300l-.7.700M11.500 8.500a3 3 0 0 0-4.300 0L5 10.700A3 3 0 0 0 9.300 15l.700-.700',
  close: 'M5 5l10 10M15 5 5 15',
} as const;

export type IconName = keyof typeof PATHS;
const FILLED: ReadonlySet<IconName> = new Set(['up', 'down']);

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className={`icon icon-${name}`} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path
        d={PATHS[name]}
        fill={FILLED.has(name) ? 'currentColor' : 'none'}
        stroke={FILLED.has(name) ? 'none' : 'currentColor'}
        strokeWidth="1.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
