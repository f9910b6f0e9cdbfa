/**
 * Icons: line drawings on a 24 px grid, always beside a word.
 */
const PATHS = {
  check: 'M5 12.5l4.5 4.5L19 7.5',
  cloud: 'M7 18h10a4 4 0 0 0 .6-7.95A6 6 0 0 0 6.1 9.4 4.3 4.3 0 0 0 7 18z',
  cloudOff: 'M4 4l16 16M9.3 5.7a6 6 0 0 1 8.3 4.35A4 4 0 0 1 20 16.7M6.3 9.2A4.4 4.4 0 0 0 7 18h9.5',
  sync: 'M20 11a8 8 0 0 0-14.3-4L4 9m0-4.5V9h4.5M4 13a8 8 0 0 0 14.3 4l1.7-2m0 4.5V15h-4.5',
  stop: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM6 6l12 12',
  printer: 'M7 9V3.5h10V9M7 17H4.5V9.5h15V17H17M7 14h10v6.5H7z',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5.5l3.5 2',
  warning: 'M12 3.5l9.5 16.5h-19zM12 10v4.5M12 17.5v.1',
  scanner: 'M4 8V4.5h4M16 4.5h4V8M20 16v3.5h-4M8 19.5H4V16M8 9v6M11 9v6M14 9v6M16.5 9v6',
  user: 'M12 12a4.2 4.2 0 1 0 0-8.4 4.2 4.2 0 0 0 0 8.4zM4 20.5c.8-4 4-5.7 8-5.7s7.2 1.7 8 5.7',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L20.5 20.5',
  keypad: 'M6 5.5h.1M12 5.5h.1M18 5.5h.1M6 12h.1M12 12h.1M18 12h.1M6 18.5h.1M12 18.5h.1M18 18.5h.1',
  sound: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4 4 0 0 1 0 6M18 6.5a7.5 7.5 0 0 1 0 11',
  soundOff: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5',
  close: 'M6 6l12 12M18 6L6 18',
  back: 'M20 12H8M12 6l-6 6 6 6',
  erase: 'M9 5.5h11.5v13H9L3 12zM12 9.5l5 5M17 9.5l-5 5',
  cake: 'M4.5 20.5v-8h15v8zM4.5 16c2.5 1.8 5 1.8 7.5 0 2.5 1.8 5 1.8 7.5 0M12 12.5V9M12 6.5c-1.2-1 0-2.5 0-3 0 .5 1.2 2 0 3z',
  receipt: 'M6 3.5h12v17l-2-1.5-2 1.5-2-1.5-2 1.5-2-1.5-2 1.5zM9 8.5h6M9 12.5h6',
  refund: 'M8 5L4 9l4 4M4 9h10a5.5 5.5 0 0 1 0 11h-3',
  basket: 'M4 9.5h16l-1.5 10h-13zM8 9.5L10.5 4M16 9.5L13.5 4',
  hold: 'M8 5v14M16 5v14',
  drawer: 'M3.5 13.5h17v6h-17zM10 16.5h4M6 13.5V5h12v8.5M9.5 8.5h5',
  cashIn: 'M12 3.5v11M7 10l5 5 5-5M4 20h16',
  cashOut: 'M12 15V4M7 8.5l5-5 5 5M4 20h16',
  safe: 'M4 4.5h16v14H4zM6.5 18.5v2M17.5 18.5v2M12 8.5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM12 10.5v2',
  report: 'M6 3.5h9l4 4v13H6zM9 11h7M9 15h7',
  trash: 'M4.5 6.5h15M9 6.5V4h6v2.5M6.5 6.5l1 14h9l1-14M10 10.5v6M14 10.5v6',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  lock: 'M5.5 11h13v9.5h-13zM8 11V7.5a4 4 0 0 1 8 0V11M12 14.5v2.5',
  training: 'M3 9l9-4.5L21 9l-9 4.5zM6.5 11v5c3 2.5 8 2.5 11 0v-5M21 9v6',
  card: 'M3 6h18v12.5H3zM3 10h18M6.5 14.5h4',
  wallet: 'M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2.5v2.5H14zM18 18h2v2h-2zM14 20h1M20 14h.1',
  star: 'M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9-4.3-4.1 5.9-.8z',
  coins:
    'M9 5c3 0 5 1 5 2.3S12 9.6 9 9.6 4 8.6 4 7.3 6 5 9 5zM4 7.3v8.4C4 17 6 18 9 18M14 7.3v3M15 11c3 0 5 1 5 2.3s-2 2.3-5 2.3-5-1-5-2.3 2-2.3 5-2.3zM10 13.3v4.4c0 1.3 2 2.3 5 2.3s5-1 5-2.3v-4.4',
  gift: 'M4 10h16v10.5H4zM3.5 6.5h17V10h-17zM12 6.5v14M12 6.5C9 6.5 7.5 5 8.5 3.5S12 4 12 6.5c0-2.5 2.5-4 3.5-3S15 6.5 12 6.5z',
  ticket: 'M3.5 7h17v3.5a1.8 1.8 0 0 0 0 3.5v3.5h-17V14a1.8 1.8 0 0 0 0-3.5zM14 7v1.5M14 11v2M14 15.5V17',
  percent: 'M6 18L18 6M7.5 5.5a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM16.5 14.5a2 2 0 1 0 0 4 2 2 0 0 0 0-4z',
  store:
    'M4 10v10.5h16V10M3 9.5L5 4h14l2 5.5c-1.5 1.7-3.3 1.7-4.5 0-1.3 1.7-3.2 1.7-4.5 0-1.3 1.7-3.2 1.7-4.5 0-1.2 1.7-3 1.7-4.5 0zM10 20.5V15h4v5.5',
  scale: 'M4 9.5h16l-1.5 11h-13zM8 9.5L6 4h12l-2 5.5M12 13v3.5M10 16.5h4',
  pole: 'M4 4h16v7H4zM7 7.5h6M12 11v9.5M8 20.5h8',
  screen: 'M3 4.5h18v12H3zM9 20.5h6M12 16.5v4',
  plug: 'M9 3.5v5M15 3.5v5M6.5 8.5h11v3a5.5 5.5 0 0 1-11 0zM12 17v4',
  undo: 'M8 6L4 10l4 4M4 10h10a5 5 0 0 1 0 10h-4',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 20 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
