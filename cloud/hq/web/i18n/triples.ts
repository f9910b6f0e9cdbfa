/**
 * Words in three languages side by side: an area of the console keeps its words in one table, in the order of `LOCALES`.
 */
export type Triple = readonly [zhCN: string, zhTW: string, en: string];

type InLanguage<T> = { readonly [K in keyof T]: string };

/** One language of a table. @param place 0 simplified Chinese, 1 traditional Chinese, 2 English */
export function inLanguage<T extends Readonly<Record<string, Triple>>>(
  table: T,
  place: 0 | 1 | 2,
): InLanguage<T> {
  return Object.fromEntries(
    Object.entries(table).map(([key, triple]) => [key, triple[place]]),
  ) as InLanguage<T>;
}
