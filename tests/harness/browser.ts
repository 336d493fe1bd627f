/** A real browser for tests: the system's Chromium where there is one, otherwise the one that comes with the packages. */
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import bundledChromium from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

const systemBrowsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const args = [
  // Tests may run as root, where Chromium's sandbox refuses to start.
  '--no-sandbox',
  '--no-zygote',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-pings',
  '--font-render-hinting=none',
];

/** Starts a browser; the caller closes it. */
export async function launchBrowser(): Promise<Browser> {
  const found = systemBrowsers.find((path) => existsSync(path));
  if (found) return await chromium.launch({ executablePath: found, args });
  const executablePath = await bundledChromium.executablePath();
  // The package unpacks a font beside the browser, which makes the pages look the same on every machine.
  const env = { ...process.env, FONTCONFIG_PATH: join(tmpdir(), 'fonts') } as Record<string, string>;
  return await chromium.launch({ executablePath, args, env });
}
