/**
 * Axe: what a page keeps from people who cannot see, or use a mouse. Only serious faults and worse are told.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string | null;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

/** What hangs on colours and sizes; names and roles are the same in any look. */
const LOOK = { type: 'rule', values: ['color-contrast', 'link-in-text-block', 'target-size'] };
/** Rows of one table are alike: the first of each are enough. */
const CONTEXT = {
  include: [['body']],
  exclude: [['tbody tr:nth-child(n+9)'], ['.arrivals li:nth-child(n+5)']],
};

/**
 * @param rules  `look`: those alone that a change of colours or of the window can break
 * @returns one line a fault: rule, place, and what axe says of it
 */
export async function seriousFaults(page: Page, rules: 'all' | 'look' = 'all'): Promise<string[]> {
  // Once a document; pages of one console share it.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source);
  const { violations } = (await page.evaluate(
    `axe.run(${JSON.stringify(CONTEXT)}, ${JSON.stringify({
      resultTypes: ['violations'],
      preload: false,
      ...(rules === 'look' ? { runOnly: LOOK } : {}),
    })})`,
  )) as AxeResult;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(
        ({ html, failureSummary = '' }) => `${id}: ${html.slice(0, 160)} — ${failureSummary.slice(0, 200)}`,
      ),
    );
}
