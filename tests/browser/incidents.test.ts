/** What people do about incidents in a real browser: given to someone, put off, and found again. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { TestServer } from '../../collector/src/http/testing/test-server.ts';
import { ConsoleBench, people } from './console-server.ts';
import type { WatchedPage } from './watched-page.ts';

const bench = new ConsoleBench();
let server: TestServer;
let watched: WatchedPage;
let ids: Readonly<Record<'clone' | 'disk', number>>;

beforeAll(() => bench.start());
afterAll(() => bench.stop());
beforeEach(async () => {
  server = await bench.serve();
  const at = Date.now() - 1_200_000;
  const facts = { hostname: 'may-chu-benhvien', value: '/: 97' };
  const unit = 'QB-SYT';
  const disk = server.incidents.report({
    kind: 'disk-full',
    severity: 'critical',
    subject: 'a-0021',
    unit,
    evidence: { at, what: 'rule-fires', facts },
  });
  server.incidents.escalate(disk.id, { at: at + 900_000, level: 2, minutes: 15 });
  const evidence = { at: at + 60_000, what: 'second-holder', facts: { address: '10.1.2.3' } };
  const clone = server.incidents.report({ kind: 'clone', severity: 'warning', subject: 'a-0021', unit, evidence });
  ids = { disk: disk.id, clone: clone.id };
});
afterEach(async () => {
  await watched.close();
  await server.close();
  expect(watched.complaints()).toEqual([]);
});

test('an operator takes one, gives one away, puts one off and finds the own ones', async () => {
  watched = await bench.signIn(server, people.operator);
  const { page } = watched;
  await page.goto('/incidents');
  const disk = page.locator(`[data-id="${ids.disk}"]`);
  const clone = page.locator(`[data-id="${ids.clone}"]`);
  const dialog = page.getByRole('dialog');
  await disk.getByText('Mức báo 2: chưa ai nhận').waitFor();

  await disk.getByRole('button', { name: 'Giao việc' }).click();
  const who = dialog.getByLabel('Người phụ trách');
  expect(await who.inputValue()).toBe(people.operator);
  expect(await who.locator('option').allTextContents()).toEqual(['lan (tôi)', 'quantri', 'Không ai']);
  await bench.shoot(watched, 'incident-assign-vi');
  await dialog.getByRole('button', { name: 'Giao việc' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await disk.locator('dd', { hasText: 'lan' }).waitFor();

  await clone.getByRole('button', { name: 'Tạm hoãn' }).click();
  await dialog.getByLabel('Trong').selectOption('4');
  await bench.shoot(watched, 'incident-snooze-vi');
  await dialog.getByRole('button', { name: 'Tạm hoãn' }).click();
  await clone.getByText(/^Tạm hoãn đến /).waitFor();
  await clone.getByText('Bằng chứng').click();
  await clone.getByText('Sự cố được tạm hoãn.').waitFor();
  await bench.shoot(watched, 'incidents-duties-vi');

  await page.getByRole('button', { name: 'Của tôi' }).click();
  await clone.waitFor({ state: 'detached' });
  await disk.waitFor();
  expect(await clone.count()).toBe(0);
  await page.getByRole('button', { name: 'Của tôi' }).click();
  await clone.getByRole('button', { name: 'Thôi tạm hoãn' }).click();
  await dialog.getByRole('button', { name: 'Thôi tạm hoãn' }).click();
  await clone.getByText(/^Tạm hoãn đến /).waitFor({ state: 'detached' });
  expect(server.incidents.get(ids.clone)?.snoozedUntil).toBeUndefined();
});

test('who only looks sees who does what, on a telephone in English too', async () => {
  server.incidents.assign(ids.disk, { at: Date.now(), by: 'quantri', to: 'lan' });
  server.incidents.snooze(ids.clone, { at: Date.now(), by: 'lan', until: Date.now() + 3_600_000 });
  watched = await bench.signIn(server, people.viewer, { viewport: { width: 390, height: 844 } });
  const { page } = watched;
  await page.goto('/incidents');
  await page.getByText('Tạm hoãn đến').waitFor();
  expect(await page.getByRole('button', { name: 'Giao việc' }).count()).toBe(0);
  await bench.shoot(watched, 'incidents-duties-phone-vi');
});

test('an operator on a telephone has all buttons within the page', async () => {
  watched = await bench.signIn(server, people.operator, { viewport: { width: 390, height: 844 } });
  const { page } = watched;
  await page.goto('/incidents');
  await page.getByRole('button', { name: 'Giao việc' }).first().waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await bench.shoot(watched, 'incidents-buttons-phone-vi');
});

test('whom Grafana has told stands on the incident', async () => {
  const labels = { managed_by: 'vonggac', rule: 'disk-full', unit: 'QB-SYT', agent: 'a-0021' };
  for (const status of ['firing', 'resolved'] as const) {
    server.grafana.notices.take({ receiver: 'Trực ban <b>', status, alerts: [{ status, labels }] });
  }
  watched = await bench.signIn(server, people.viewer);
  const { page } = watched;
  await page.goto('/incidents');
  const disk = page.locator(`[data-id="${ids.disk}"]`);
  await disk.getByText(/^Đã báo qua Grafana lúc .* \(Trực ban <b>\)$/).waitFor();
  await disk.getByText(/^Đã báo hết sự cố qua Grafana lúc /).waitFor();
  expect(await page.getByText('qua Grafana').count()).toBe(2);
  await bench.shoot(watched, 'incident-grafana-vi');
});

test("an address that names one shows that one: Grafana's lists lead there", async () => {
  watched = await bench.signIn(server, people.operator);
  const { page } = watched;
  await page.goto(`/incidents?id=${ids.disk}`);
  await page.locator(`[data-id="${ids.disk}"]`).waitFor();
  expect(await page.locator('[data-id]').count()).toBe(1);
  await page.getByRole('button', { name: 'Đang mở' }).click();
  await expect.poll(() => page.locator('[data-id]').count()).toBeGreaterThan(1);
});
