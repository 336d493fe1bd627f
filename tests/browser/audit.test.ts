/** The audit log and the incidents in a real browser. */
import { point } from '@vonggac/shared';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { TestServer } from '../../collector/src/http/testing/test-server.ts';
import { ConsoleBench, people } from './console-server.ts';
import { database, hostileName } from './fleet.ts';
import type { WatchedPage } from './watched-page.ts';

const bench = new ConsoleBench();
let server: TestServer;
let watched: WatchedPage;

beforeAll(() => bench.start());
afterAll(() => bench.stop());
beforeEach(async () => {
  server = await bench.serve();
});
afterEach(async () => {
  await watched.close();
  await server.close();
  expect(watched.complaints()).toEqual([]);
});

test('the audit log says who did what, and what was before and after', async () => {
  const at = Date.now();
  const change = { before: { name: 'Tên cũ' }, after: { name: hostileName, security_level: 3 } };
  server.audit.append({ at, actor: 'quantri', source: '10.0.0.7', action: 'unit.change', subject: 'QB', ...change });
  for (let index = 0; index < 60; index += 1) {
    server.audit.append({ at, actor: 'an', source: 'command', action: 'token.create', subject: `t-${index}` });
  }
  watched = await bench.signIn(server, people.security);
  const { page } = watched;
  await page.getByRole('link', { name: 'Nhật ký' }).click();
  await page.getByText('Nguyên vẹn: ').waitFor();
  await expect.poll(() => page.locator('tr[data-seq]').count()).toBe(50);
  await page.getByRole('button', { name: 'Cũ hơn' }).click();
  const row = page.locator('tr[data-seq="1"]');
  await row.waitFor();
  expect(await row.textContent()).toContain('Sửa đơn vị');
  expect(await row.locator('.differences').textContent()).toContain(
    'Tên: Tên cũ → <img src=x onerror=alert(1)>\ufffdgpj',
  );
  expect(await row.locator('.differences').textContent()).toContain('Cấp độ an toàn: 3');
  await page.getByLabel('Việc đã làm').selectOption('unit');
  await expect.poll(() => page.locator('tr[data-seq]').count()).toBe(1);
  expect(page.url()).toContain('/audit?action=unit');
  await page.getByLabel('Tên người hoặc khóa API').fill('an');
  await page.getByText('Không có mục nào khớp bộ lọc').waitFor();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Tải về CSV' }).click();
  expect((await download).suggestedFilename()).toBe('audit.csv');
});

test('an incident is acknowledged and closed with a word for others', async () => {
  const facts = { address: '10.0.0.9', hostname: hostileName, hardware: 'other', other_address: '10.0.0.7' };
  server.incidents.report({
    kind: 'clone',
    severity: 'critical',
    subject: database.id,
    unit: database.unit,
    evidence: { at: Date.now(), what: 'second-holder', facts },
  });
  watched = await bench.signIn(server, people.operator);
  const { page } = watched;
  await page.getByRole('link', { name: '1 sự cố đang mở' }).click();
  const incident = page.locator('.incident');
  await incident.getByRole('link', { name: database.hostname }).waitFor();
  await incident.getByText('Bằng chứng').click();
  await incident.getByText('Một máy thứ hai đến với khóa này').waitFor();
  expect(await incident.locator('.fact-table').textContent()).toContain('Phần cứngkhác');
  await bench.shoot(watched, 'incident-vi');
  await incident.getByRole('button', { name: 'Nhận xử lý' }).click();
  await page.getByRole('dialog').getByLabel('Ghi chú').fill('đã gọi cho Trung tâm');
  await page.getByRole('dialog').getByRole('button', { name: 'Nhận xử lý' }).click();
  await incident.getByText('lan đã nhận xử lý').waitFor();
  await incident.getByRole('button', { name: 'Đóng sự cố' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Đóng sự cố' }).click();
  await page.getByText('Không có sự cố nào đang mở').waitFor();
  await expect.poll(() => page.locator('.count').count()).toBe(0);
  await page.getByRole('button', { name: 'Đã đóng' }).click();
  await page.getByText('đã gọi cho Trung tâm').waitFor();
});

test('an incident of an alert rule says what to do, and leads to the rule with its runbook', async () => {
  const { id, hostname, unit } = database;
  const now = Date.now();
  const tags = { mount: hostileName, type: 'ext4' };
  const points = [point('filesystem', { time: now, tags, fields: { used_percent: 99 } })];
  const origin = { agent: id, host: hostname, unit, class: 'server' } as const;
  server.rules.take({ origin, points }, now);
  server.rules.tick(now);
  const facts = { reading: 'filesystem.used_percent', value: `${hostileName}: 99`, hostname };
  const evidence = { at: now, what: 'rule-fires', facts };
  server.incidents.report({ kind: 'disk-full', severity: 'critical', subject: id, unit, evidence });
  watched = await bench.signIn(server, people.viewer);
  const { page } = watched;
  await page.goto('/incidents');
  const incident = page.locator('.incident');
  await incident.getByRole('heading', { name: 'Ổ đĩa đầy' }).waitFor();
  await incident.getByRole('link', { name: hostname }).waitFor();
  await incident.getByText('Quản trị máy.').waitFor();
  await bench.shoot(watched, 'incident-rule-vi');
  await incident.getByRole('link', { name: 'Mở sổ tay xử lý' }).click();
  await page.getByRole('heading', { name: 'Gọi ai, khi nào' }).waitFor();
  expect(await page.locator('.runbook pre').textContent()).toContain('df -h');
  const row = page.locator('tr[data-state="pending"]');
  await row.getByRole('link', { name: hostname }).waitFor();
  await bench.shoot(watched, 'runbook-vi');
  await page.getByRole('link', { name: 'Luật cảnh báo' }).click();
  await page.locator('tr[data-rule="disk-full"]').waitFor();
  await bench.shoot(watched, 'rules-vi');
});

test('whoever only looks cannot act', async () => {
  server.incidents.report({
    kind: 'clone',
    severity: 'critical',
    subject: database.id,
    unit: database.unit,
    evidence: { at: Date.now(), what: 'hardware-changed', facts: {} },
  });
  watched = await bench.signIn(server, people.viewer);
  const { page } = watched;
  await page.goto('/incidents');
  await page.locator('.incident').waitFor();
  expect(await page.locator('.incident').getByRole('button').count()).toBe(0);
});
