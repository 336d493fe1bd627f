/** Outages with their verdicts in a real browser. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { TestServer } from '../../collector/src/http/testing/test-server.ts';
import { ConsoleBench, people } from './console-server.ts';
import type { WatchedPage } from './watched-page.ts';

const minute = 60_000;
const bench = new ConsoleBench();
let server: TestServer;
let watched: WatchedPage;

beforeAll(() => bench.start());
afterAll(() => bench.stop());
beforeEach(async () => {
  server = await bench.serve();
  addOutages();
});
afterEach(async () => {
  await watched.close();
  await server.close();
  expect(watched.complaints()).toEqual([]);
});

/** One that lasts, and one whose verdict was revised when the machine came back. */
function addOutages(): void {
  const now = Date.now();
  const { ledger } = server.outages;
  const hospital = { agent: 'a-0021', hostname: 'may-chu-benhvien', unit: 'QB-SYT', class: 'server' } as const;
  const began = now - 200 * minute;
  const line = { at: began, what: 'edge-silent', facts: { link: 'tslcd-1', kind: 'tslcd' } };
  const first = ledger.open({
    ...hospital,
    beganAt: began - 600 * minute,
    verdict: 'unit-link-down',
    confidence: 'low',
    evidence: [line],
  });
  ledger.save({
    ...first,
    endedAt: began - 500 * minute,
    verdict: 'unit-power-loss',
    confidence: 'high',
    evidence: [
      { at: began - 600 * minute, what: 'silence', facts: {} },
      { ...line, at: began - 599 * minute },
      { at: began - 500 * minute, what: 'several-machines-started', facts: { others: '3' } },
      {
        at: began - 500 * minute,
        what: 'machine-started',
        facts: { booted: new Date(began - 502 * minute).toISOString() },
      },
    ],
    revisions: [
      { at: began - 500 * minute, from: 'unit-link-down', to: 'unit-power-loss', why: 'several-machines-started' },
    ],
  });
  ledger.open({
    ...hospital,
    beganAt: began,
    verdict: 'machine-shut-down',
    confidence: 'high',
    evidence: [{ at: began, what: 'goodbye', facts: { reason: 'shutdown' } }],
  });
}

test('what is silent, since when and why; what was, and how the verdict changed', async () => {
  watched = await bench.signIn(server, people.operator);
  const { page } = watched;
  await page.goto('/outages');
  const rows = page.locator('tr[data-verdict]');
  await rows.first().waitFor();
  expect(await rows.count()).toBe(1);
  expect(await rows.first().textContent()).toMatch(/may-chu-benhvien.*Sở Y tế.*Máy được tắt đúng cách/);
  await page.getByRole('button', { name: 'Tất cả' }).click();
  await expect.poll(() => rows.count()).toBe(2);
  const revised = page.locator('tr[data-verdict="unit-power-loss"]');
  await revised.locator('summary').click();
  await revised.locator('li').first().waitFor();
  expect((await revised.locator('li').allTextContents()).join('\n')).toMatch(
    /Đứt đường truyền của đơn vị → Đơn vị mất điện/,
  );
  await bench.shoot(watched, 'outages-vi');
});

test.each([
  ['vi', 390],
  ['en', 390],
  ['en', 1280],
] as const)('looks: %s at %i', async (language, width) => {
  watched = await bench.signIn(server, people.operator, { viewport: { width, height: 900 } });
  const { page } = watched;
  await page.evaluate((chosen) => localStorage.setItem('vonggac.language', chosen), language);
  for (const path of ['/outages?state=all', '/machines/a-0021', '/units/QB-SYT']) {
    await page.goto(path);
    await page.locator('tr[data-verdict]').first().waitFor();
    await page.locator('tr[data-verdict] summary').first().click();
    await page.locator('tr[data-verdict] li').first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(width);
    await bench.shoot(watched, `outages${path.replaceAll(/\W+/g, '-')}-${language}-${width}`);
  }
});
