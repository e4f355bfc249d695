import { existsSync } from 'node:fs';
import type { Browser } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const path = process.env['CHROMIUM'] ?? PLACES.find((place) => existsSync(place));
const playwright = await import('playwright-core').catch(() => undefined);

/** Why no page can be opened here; empty when one can. CI leaves nothing out: there it is always empty, and what is missing fails. */
export const noBrowser =
  process.env['CI'] !== undefined
    ? ''
    : playwright === undefined
      ? 'playwright-core is not installed'
      : path === undefined
        ? 'there is no chromium'
        : '';

/** A headless Chromium; close it. */
export function openBrowser(): Promise<Browser> {
  if (playwright === undefined || path === undefined)
    throw new Error('this test needs playwright-core and chromium (apt-get install chromium)');
  return playwright.chromium.launch({ executablePath: path, args: ['--no-sandbox'] });
}
