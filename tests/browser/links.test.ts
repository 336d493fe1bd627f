/** Lines, shared services, devices and connectivity in a real browser. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TestServer } from '../../collector/src/http/testing/test-server.ts';
import { ConsoleBench, people } from './console-server.ts';
import {
  addDevices,
  addLines,
  addLongNames,
  addServices,
  hostileCarrier,
  longTarget,
  measureGateway,
} from './lines.ts';
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

async function linksShown(): Promise<(string | undefined)[]> {
  return await watched.page.locator('tr[data-link]').evaluateAll((rows) => rows.map((row) => row.dataset.link));
}

describe('with lines', () => {
  beforeEach(async () => {
    addLines(server);
    watched = await bench.signIn(server, people.viewer);
  });

  test('the worst line comes first, with its cause in words, and filters narrow the list', async () => {
    const { page } = watched;
    await page.getByRole('link', { name: 'Đường truyền' }).click();
    await page.locator('tr[data-link]').first().waitFor();
    const all = await linksShown();
    expect(all).toHaveLength(10);
    expect(all.slice(0, 3)).toEqual(['QB-LT-LT/tslcd-1', 'QB-DH/tslcd-1', 'QB-STTTT/tslcd-1']);
    const worst = page.locator('tr[data-link="QB-LT-LT/tslcd-1"]');
    expect(await worst.textContent()).toMatch(
      /Đứt40 phút nay.*Lâm Thủy.*TSLCD · Viettel.*Cả hai đầu đều thấy đường bị đứt/,
    );
    const hostile = page.locator('tr[data-link="QB-SGDDT/tslcd-1"]');
    expect(await hostile.textContent()).toContain(hostileCarrier);
    expect(await hostile.locator('b').count()).toBe(0);

    await page.getByRole('button', { name: /Kém/ }).click();
    await page.waitForURL('**/links?state=degraded');
    await expect.poll(linksShown).toEqual(['QB-DH/tslcd-1']);
    await page.getByRole('button', { name: /Kém/ }).click();
    await page.getByLabel('Đơn vị', { exact: true }).selectOption('QB-LT');
    await expect.poll(linksShown).toEqual(['QB-LT-LT/tslcd-1', 'QB-LT/tslcd-1']);
    expect(await page.getByRole('link', { name: 'Bằng chứng SLA' }).getAttribute('href')).toContain('unit=QB-LT');
    await page.getByLabel('Nhà mạng', { exact: true }).selectOption('VNPT');
    await expect.poll(linksShown).toEqual(['QB-LT/tslcd-1']);
    await page.getByRole('searchbox').fill('khong co');
    await page.getByText('Không có đường truyền nào khớp bộ lọc').waitFor();
    await page.getByRole('button', { name: 'Bỏ bộ lọc' }).click();
    await expect.poll(async () => (await linksShown()).length).toBe(10);
  });

  test('what became of a line: picture, table, evidence of both ends, a month and its file', async () => {
    const { page } = watched;
    await page.goto('/links/QB-LT-LT/tslcd-1');
    await page.getByRole('heading', { name: /Lâm Thủy/ }).waitFor();
    await page.getByRole('img', { name: /^Diễn biến: 1 lần đứt/ }).waitFor();
    await page.getByRole('button', { name: '7 ngày' }).click();
    await page.getByRole('img', { name: /^Diễn biến: 2 lần đứt/ }).waitFor();
    await page.getByRole('button', { name: '30 ngày' }).click();
    await page.getByRole('img', { name: /^Diễn biến: 3 lần đứt/ }).waitFor();
    const rows = page.locator('.interval-table tr[data-state]');
    expect(await rows.count()).toBe(10);
    await rows.first().getByText('Bằng chứng').click();
    const evidence = await rows.first().locator('.evidence ol').textContent();
    expect(evidence).toContain('không trả lời, từ ');
    expect(evidence).toContain('không trả lời kịp, mất 100% gói');
    expect(await rows.filter({ hasText: 'Đã sửa theo số liệu đến muộn' }).count()).toBe(1);

    const month = page.locator('[data-card="month"]');
    await month.locator('.month-days').waitFor();
    const download = page.waitForEvent('download');
    await month.getByRole('link', { name: 'Bằng chứng SLA' }).click();
    expect((await download).suggestedFilename()).toMatch(/^links-\d{4}-\d\d\.csv$/);
    await month.getByLabel('Tháng').selectOption({ index: 12 });
    await month.getByText('Tháng này chưa có số liệu').waitFor();
  });

  test('the list follows what happens', async () => {
    const { page } = watched;
    await page.goto('/links');
    await page.locator('tr[data-link="QB-LT/tslcd-1"][data-state="up"]').waitFor();
    const evidence = { at: Date.now(), what: 'line-cut', facts: {} };
    const state = { state: 'down', cause: 'line-cut', carrier: 'VNPT', at: Date.now(), evidence } as const;
    server.connectivity.ledger.record({ unit: 'QB-LT', link: 'tslcd-1' }, state);
    await page.locator('tr[data-link="QB-LT/tslcd-1"][data-state="down"]').waitFor({ timeout: 15_000 });
  });

  test('a line that is not there', async () => {
    await watched.page.goto('/links/QB-LT/no');
    await watched.page.getByText('Đơn vị này không có đường truyền đó').waitFor();
  });
});

test('a unit-admin sees the lines of the own units only', async () => {
  addLines(server);
  watched = await bench.signIn(server, people['unit-admin']);
  await watched.page.goto('/links');
  await expect.poll(linksShown).toEqual(['QB-DH/tslcd-1', 'QB-DH-BL/internet-1']);
});

test('nothing yet, and what to do about it', async () => {
  watched = await bench.signIn(server, people.viewer);
  const { page } = watched;
  await page.goto('/links');
  await page.getByText('Chưa có đường truyền nào').waitFor();
  await bench.shoot(watched, 'links-empty-vi');
  await page.getByRole('link', { name: 'Dịch vụ dùng chung' }).click();
  await page.getByText('Chưa khai báo dịch vụ nào').waitFor();
  await bench.shoot(watched, 'services-empty-vi');
  await page.goto('/units/QB-LT');
  await page.getByText('Chưa có cổng LAN nào').waitFor();
});

test('services: the whole province, or only some units', async () => {
  addServices(server);
  watched = await bench.signIn(server, people.viewer);
  const { page } = watched;
  await page.goto('/services');
  await page.locator('[data-service]').first().waitFor();
  const order = await page.locator('[data-service]').evaluateAll((cards) => cards.map((card) => card.dataset.service));
  expect(order).toEqual(['qlvb', 'dvc', 'hop', 'thu']);
  expect(await page.locator('[data-service=qlvb]').textContent()).toMatch(/8 trong 9.*máy chủ báo lỗi.*Cả tỉnh/);
  const partial = page.locator('[data-service=dvc]');
  expect(await partial.textContent()).toMatch(/Chỉ các đơn vị sau.*phường Bắc Lý.*xã Lâm Thủy/);
  expect(await page.locator('[data-service=hop]').textContent()).toContain('chưa có kết quả nào');
  await partial.getByRole('link', { name: /Lâm Thủy/ }).click();
  await page.waitForURL('**/units/QB-LT-LT');
});

test('a gateway: targets, lines, relay and LAN, live', async () => {
  watched = await bench.signIn(server, people.viewer);
  const { page } = watched;
  await page.goto('/machines/a-0010');
  const card = page.locator('[data-card=connectivity]');
  await card.getByText('3 đích, đều tới được').waitFor();
  await page.locator('[data-link="live"]').waitFor();
  server.live.receive('a-0010', measureGateway());
  await card.getByText('3 trong 8 đích không tới được').waitFor();
  const rowOf = (target: string) => card.locator(`[data-target="${target}"]`);
  expect(await rowOf('dvc').textContent()).toMatch(/Không tới được.*chứng thư cấp cho tên khác.*còn 1[12] ngày/);
  expect(await rowOf('cu').textContent()).toMatch(/chứng thư hết hạn.*đã hết hạn/);
  expect(await rowOf('gio').textContent()).toMatch(/Chưa rõ.*máy này không đo được/);
  expect(await rowOf('peer:a-0020').textContent()).toContain('Máy im lặng a-0020');
  const lines = await page.locator('[data-card=lines]').textContent();
  expect(lines).toMatch(/internet-1Thôngđang dùng.*27 Mbit\/s.*tslcd-1Không thông.*Đã chuyển đường 2 lần/);
  expect(await page.locator('[data-card=relay]').textContent()).toMatch(/Kết nối đang mở3.*7,7 MB/);
  expect(await page.locator('[data-card=census]').textContent()).toContain('10.9.0.0/2441631');
});

test('the devices of a unit: many are searched, those with an agent lead to it', async () => {
  addDevices(server, 70);
  server.addAgent('a-0030', { hostname: 'pc-moi', unit: 'QB-LT', addresses: ['10.9.0.10'] });
  watched = await bench.signIn(server, people.viewer);
  const { page } = watched;
  await page.goto('/units/QB-LT');
  const rows = page.locator('[data-mac]');
  await rows.first().waitFor();
  expect(await rows.count()).toBe(50);
  await page.getByRole('button', { name: 'Hiện thêm 20 thiết bị' }).click();
  expect(await rows.count()).toBe(70);
  await page.getByLabel('Tìm theo hãng, địa chỉ, MAC').fill('pc-moi');
  await expect.poll(() => rows.count()).toBe(1);
  expect(await rows.first().textContent()).toContain('Test Vendor');
  await page.getByLabel('Tìm theo hãng, địa chỉ, MAC').fill('00:05');
  await rows.getByText('mới', { exact: true }).waitFor();
  await page.getByLabel('Tìm theo hãng, địa chỉ, MAC').fill('pc-moi');
  await rows.getByRole('link', { name: 'pc-moi' }).click();
  await page.waitForURL('**/machines/a-0030');
});

test('incidents of connectivity in words, with the way to what they are about', async () => {
  addLines(server);
  const at = Date.now();
  const facts = {
    edge: `silent, since ${new Date(at).toISOString()}, timeout`,
    gateway: 'silent',
    agents_heard: '0 of 3',
    carrier: hostileCarrier,
  };
  const report = (kind: Parameters<typeof server.incidents.report>[0]['kind'], subject: string, evidence: object) =>
    server.incidents.report({
      ...{ kind, severity: 'critical', subject, unit: 'QB-LT' },
      evidence: { at, what: 'line-cut', facts, ...evidence },
    });
  report('link-down', 'QB-LT/tslcd-1', {});
  report('service-down', 'dvc', { what: 'down', facts: { error: 'http-5xx', vantage_points: '9' } });
  report('new-device', 'QB-LT/2026-11-23', {
    what: 'new-device',
    facts: { class: 'camera', mac: '00:16:3e:00:00:01' },
  });
  watched = await bench.signIn(server, people.viewer);
  const { page } = watched;
  await page.goto('/incidents');
  const line = page.locator('.incident').filter({ hasText: 'Đứt đường truyền' });
  await line.getByText('Bằng chứng', { exact: true }).click();
  await line.getByText('Cả hai đầu đều thấy đường bị đứt').waitFor();
  expect(await line.locator('.fact-table').textContent()).toContain('không trả lời kịp');
  const service = page.locator('.incident').filter({ hasText: 'Dịch vụ dùng chung ngừng' });
  await service.getByText('Bằng chứng', { exact: true }).click();
  await service.getByText('máy chủ báo lỗi (HTTP 5xx)').waitFor();
  const device = page.locator('.incident').filter({ hasText: 'Thiết bị lạ' });
  await device.getByText('Bằng chứng', { exact: true }).click();
  await device.getByRole('cell', { name: 'Camera' }).waitFor();
  await bench.shoot(watched, 'incidents-links-vi');
  await line.getByRole('link', { name: 'tslcd-1' }).click();
  await page.waitForURL('**/links/QB-LT/tslcd-1');
});

describe('looks', () => {
  const pages = ['/links', '/links/QB-LT-LT/tslcd-1', '/services', '/machines/a-0010', '/units/QB-LT'];

  test.each([
    ['vi', 1920],
    ['vi', 1280],
    ['vi', 390],
    ['en', 1280],
    ['en', 390],
  ] as const)('%s at %i', async (language, width) => {
    addLines(server);
    addServices(server);
    addDevices(server, 8);
    addLongNames(server);
    watched = await bench.signIn(server, people.viewer, { viewport: { width, height: 900 } });
    const { page } = watched;
    if (language === 'en') await page.evaluate(() => localStorage.setItem('vonggac.language', 'en'));
    server.live.receive('a-0010', [...measureGateway(), longTarget()]);
    for (const path of pages) {
      await page.goto(path);
      await page
        .locator('[data-link^=QB], [data-service], [data-mac], [data-card=month] .month-days, [data-card=lines]')
        .first()
        .waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(width);
      await bench.shoot(watched, `${path.split('/').slice(1, 3).join('-')}-${language}-${width}`);
    }
  });
});
