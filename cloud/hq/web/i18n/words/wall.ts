/** Words of the wall of stores. */
import type { Triple } from '../triples.ts';

export const WALL_WORDS = {
  view: ['门店的看法', '門市的檢視', 'View of the stores'],
  tilesView: ['全部', '全部', 'All'],
  downView: ['下滑 {{count}}', '下滑 {{count}}', 'Down {{count}}'],
  silentView: ['未连上 {{count}}', '未連上 {{count}}', 'Not online {{count}}'],
  tableView: ['表格', '表格', 'Table'],
  noneDown: ['没有下滑的门店', '沒有下滑的門市', 'No store is down'],
  noneDownHelp: [
    '与上周同一天、同一时刻相比，差距都在 5% 以内或更好。',
    '與上週同一天、同一時刻相比，差距都在 5% 以內或更好。',
    'Against the same hour last week all are within 5 % or better.',
  ],
  noneSilent: ['所有收银机都连着', '所有收銀機都連著', 'All tills are heard'],
  noneSilentHelp: [
    '掉线的收银机照常收银，并会出现在这里。',
    '離線的收銀機照常收銀，並會出現在這裡。',
    'A till that is offline goes on selling, and shows up here.',
  ],
  noRegion: ['未分区域', '未分區域', 'No region'],
  unknown: ['上周没有数据可比', '上週沒有資料可比', 'Nothing to compare with last week'],
  tills: [
    '收银机：在线 {{online}}，滞后 {{late}}，失联 {{silent}}',
    '收銀機：連線 {{online}}，落後 {{late}}，失聯 {{silent}}',
    'Tills: {{online}} online, {{late}} late, {{silent}} silent',
  ],
  far_down: ['低 20% 以上', '低 20% 以上', 'more than 20 % down'],
  down: ['低 5–20%', '低 5–20%', '5–20 % down'],
  same: ['±5% 以内', '±5% 以內', 'within 5 %'],
  up: ['高 5–20%', '高 5–20%', '5–20 % up'],
  far_up: ['高 20% 以上', '高 20% 以上', 'more than 20 % up'],
  late: ['滞后 {{count}}', '落後 {{count}}', 'Late: {{count}}'],
  quiet: ['失联 {{count}}', '失聯 {{count}}', 'Silent: {{count}}'],
} as const satisfies Readonly<Record<string, Triple>>;
