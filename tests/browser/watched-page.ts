/** A page that remembers everything that must not happen. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

export interface WatchedPage {
  readonly page: Page;
  /** Errors on the console, exceptions, violations of the policy, dialogs, and requests to foreign hosts. */
  readonly complaints: () => readonly string[];
  /** Makes complaints that match expected from now on, for a test that provokes them. */
  readonly expectComplaints: (pattern: RegExp) => void;
  close(): Promise<void>;
}

/** Opens a page of a fresh browser profile; `origin` is the only server that it may talk to. */
export async function openPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({
    baseURL: origin,
    locale: 'vi-VN',
    timezoneId: 'Asia/Ho_Chi_Minh',
    viewport: { width: 1440, height: 900 },
    ...options,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  const expected: RegExp[] = [];
  page.on('console', (message) => {
    // About the tests' own look at the pixels of a chart, not about the page.
    if (message.text().includes('willReadFrequently')) return;
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
  page.on('dialog', async (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== origin) complaints.push(`foreign request: ${request.url()}`);
  });
  await page.exposeFunction('reportViolation', (text: string) => complaints.push(`policy: ${text}`));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const report = (window as unknown as { reportViolation: (text: string) => void }).reportViolation;
      report(`${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  return {
    page,
    complaints: () => complaints.filter((complaint) => !expected.some((pattern) => pattern.test(complaint))),
    expectComplaints: (pattern) => expected.push(pattern),
    close: () => context.close(),
  };
}
