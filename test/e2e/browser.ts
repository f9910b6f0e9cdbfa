/**
 * A real Chromium for the end-to-end tests: the one that the package ships, unpacked once, or the machine's own.
 */
import { existsSync } from 'node:fs';
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as driver } from 'playwright-core';

/** Only quiet and sandbox flags: the pages must run as they do for people. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function openBrowser(): Promise<Browser> {
  const own = '/usr/bin/chromium';
  const executablePath = existsSync(own) ? own : await chromium.executablePath();
  return driver.launch({ executablePath, args: ARGS, headless: true });
}
