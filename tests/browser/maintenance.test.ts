/** Maintenance windows and availability in a real browser. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TestServer } from '../../collector/src/http/testing/test-server.ts';
import { ConsoleBench, people } from './console-server.ts';
import { addLines } from './lines.ts';
import { addOutages, lastMonth } from './outages.ts';
import type { WatchedPage } from './watched-page.ts';

const hour = 3_600_000;
const bench = new ConsoleBench();
let server: TestServer;
let watched: WatchedPage;

beforeAll(() => bench.start());
afterAll(() => bench.stop());
beforeEach(async () => {
  server = await bench.serve();
  addLines(server);
});
afterEach(async () => {
  await watched.close();
  await server.close();
  expect(watched.complaints()).toEqual([]);
});

/** As people do it, with the form open. */
async function plan(reason: string): Promise<void> {
  const dialog = watched.page.getByRole('dialog');
  await dialog.getByLabel('Lý do').fill(reason);
  await dialog.getByRole('button', { name: 'Lên lịch bảo trì' }).click();
  await dialog.waitFor({ state: 'hidden' });
}

describe('maintenance', () => {
  test('is planned once and every week, cancelled, and shown in both languages', async () => {
    watched = await bench.signIn(server, people.operator);
    const { page } = watched;
    await page.getByRole('link', { name: 'Sự cố', exact: false }).first().click();
    await page.getByRole('link', { name: 'Lịch bảo trì' }).click();
    await page.getByText('Không có lịch bảo trì nào đang hoặc sắp diễn ra').waitFor();
    await page.getByText('Ngày nghỉ lễ và lịch làm việc cần xem lại').click();
    await page
      .getByText(/Ngày nghỉ lễ năm \d{4} tính theo luật/)
      .first()
      .waitFor();
    await bench.shoot(watched, 'maintenance-empty-vi');

    await page.getByRole('button', { name: 'Lên lịch bảo trì' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Đơn vị').selectOption('QB-SYT');
    await dialog.getByLabel('Phạm vi').selectOption('tslcd-1');
    await bench.shoot(watched, 'maintenance-form-once-vi');
    await plan('Nhà mạng nâng cấp thiết bị đầu cuối');
    await page.getByText('Đã lên lịch bảo trì.').waitFor();

    await page.getByRole('button', { name: 'Lên lịch bảo trì' }).click();
    await dialog.getByLabel('Đơn vị').selectOption('QB-TTDL');
    await dialog.getByLabel('Lặp lại').selectOption('weekly');
    await dialog.getByLabel('Vào thứ').selectOption('0');
    await bench.shoot(watched, 'maintenance-form-weekly-vi');
    await plan('Sao lưu toàn bộ hệ thống');
    const weekly = page.locator('tr[data-state]', { hasText: 'Sao lưu' });
    await weekly.getByText('22:00 Chủ nhật hằng tuần, mỗi lần 2 giờ').waitFor();

    await page.getByRole('button', { name: 'Lên lịch bảo trì' }).click();
    await dialog.getByLabel('Đơn vị').selectOption('QB-LT');
    await dialog.getByLabel('Lặp lại').selectOption('cron');
    await dialog.getByLabel('Biểu thức cron', { exact: true }).fill('0 25 * * *');
    await dialog.getByLabel('Lý do').fill('Thử');
    watched.expectComplaints(/400/);
    await dialog.getByRole('button', { name: 'Lên lịch bảo trì' }).click();
    await dialog.getByText('"0 25 * * *" không phải biểu thức cron đúng').waitFor();
    await bench.shoot(watched, 'maintenance-form-refused-vi');
    await dialog.getByRole('button', { name: 'Hủy' }).click();

    await bench.shoot(watched, 'maintenance-vi');
    await weekly.getByRole('button', { name: 'Hủy lịch' }).click();
    await bench.shoot(watched, 'maintenance-cancel-vi');
    await dialog.getByRole('button', { name: 'Hủy lịch bảo trì' }).click();
    await page.getByText('Đã hủy lịch bảo trì.').waitFor();
    await weekly.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Tất cả' }).click();
    await page.locator('tr[data-state="cancelled"]').waitFor();
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Maintenance' }).waitFor();
    await bench.shoot(watched, 'maintenance-en');
    await page.setViewportSize({ width: 390, height: 800 });
    await bench.shoot(watched, 'maintenance-narrow-en');
    const actions = server.audit.list({ limit: 10, action: 'maintenance' }).map(({ action }) => action);
    expect(actions).toEqual(['maintenance.cancel', 'maintenance.add', 'maintenance.add']);
  });

  test('of a machine is planned from its page', async () => {
    watched = await bench.signIn(server, people.operator);
    const { page } = watched;
    await page.goto('/machines/a-0003');
    await page.getByRole('link', { name: 'Lên lịch bảo trì' }).click();
    await plan('Thay ổ cứng');
    await page.getByText('máy cong-dvc-02').waitFor();
    expect(server.calendars.windows.all()).toMatchObject([{ agent: 'a-0003', unit: 'QB-TTDL' }]);
  });

  test('is planned by a unit-admin for the own units only, and by a viewer not at all', async () => {
    const { now } = Date;
    const window = { from: now(), to: now() + hour, reason: 'Của đơn vị khác' };
    server.calendars.windows.add({ ...window, unit: 'QB-SYT' }, { by: 'lan', now: now() });
    watched = await bench.signIn(server, people['unit-admin']);
    const { page } = watched;
    await page.goto('/maintenance?unit=QB-DH-BL');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    const choices = await dialog.getByLabel('Đơn vị').locator('option').allTextContents();
    expect(choices.map((text) => text.trim())).toEqual([
      'Ủy ban nhân dân thành phố Đồng Hới (QB-DH)',
      'Ủy ban nhân dân phường Bắc Lý (QB-DH-BL)',
    ]);
    await plan('Cúp điện theo thông báo của điện lực');
    await page.getByText('Cúp điện theo thông báo của điện lực').waitFor();
    expect(await page.locator('tr[data-state]').count()).toBe(1);
    await watched.close();
    watched = await bench.signIn(server, people.viewer);
    await watched.page.goto('/maintenance');
    await watched.page.getByText('Của đơn vị khác').waitFor();
    expect(await watched.page.getByRole('button', { name: /Lên lịch|Hủy lịch/ }).count()).toBe(0);
  });
});

describe('availability', () => {
  beforeEach(() => addOutages(server));

  test('of the province, of a unit, of its machines and lines, and as a file', async () => {
    watched = await bench.signIn(server, people.viewer);
    const { page } = watched;
    await page.goto('/availability');
    await page.getByText(/^Tháng chưa kết thúc/).waitFor();
    await page.getByLabel('Tháng', { exact: true }).selectOption(lastMonth());
    await page.getByText('Số liệu chưa chốt, còn có thể thay đổi.').waitFor();
    await page.locator('tr[data-unit="QB"]').waitFor();
    await bench.shoot(watched, 'availability-vi');
    await page.locator('tr[data-unit="QB-TTDL"] a').click();
    const machine = page.locator('tr[data-agent="a-0003"]');
    await machine.getByText('Máy mất nguồn, treo cứng hoặc đứt mạng').waitFor();
    const first = page.locator('tr[data-agent]').first();
    expect(await first.getAttribute('data-agent')).toBe('a-0003');
    await bench.shoot(watched, 'availability-unit-vi');
    const file = page.getByRole('link', { name: 'Tải bảng số liệu' });
    const answer = await page.request.get((await file.getAttribute('href')) ?? '');
    expect(await answer.text()).toMatch(/^\ufeffkind;unit;name;.*\r\nunit;QB-TTDL;/);
    await page.getByLabel('Đơn vị', { exact: true }).selectOption('QB-LT');
    await page.locator('tr[data-agent="a-0010"]').getByText('Đứt đường truyền của đơn vị').waitFor();
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByText("The unit's line is down").first().waitFor();
    await bench.shoot(watched, 'availability-unit-en');
    await page.setViewportSize({ width: 390, height: 800 });
    await bench.shoot(watched, 'availability-narrow-en');
  });

  test('stands on the page of a unit', async () => {
    watched = await bench.signIn(server, people.admin);
    const { page } = watched;
    await page.goto('/units/QB-TTDL');
    const card = page.locator('[data-card="availability"]');
    await card.getByText('Máy chủ').waitFor();
    await bench.shoot(watched, 'unit-availability-vi');
    await card.getByRole('link', { name: 'Xem báo cáo' }).click();
    await page.waitForURL('**/availability?unit=QB-TTDL');
  });

  test('of an earlier month is taken, and says so', async () => {
    await server.availability.look(server.audit);
    watched = await bench.signIn(server, people.viewer);
    const { page } = watched;
    await page.goto(`/availability?month=${lastMonth()}`);
    await page.getByText(/^Số liệu chốt lúc .*, chưa phải điều chỉnh\.$/).waitFor();
    const [outage] = server.outages.ledger.list({ agents: new Set(['a-0006']) });
    if (!outage) throw new Error('there is no outage');
    server.outages.ledger.save({ ...outage, verdict: 'machine-lost' });
    await server.availability.look(server.audit);
    await page.reload();
    await page.getByText(/^Số liệu chốt lúc .*; đã điều chỉnh 1 lần/).waitFor();
    await bench.shoot(watched, 'availability-revised-vi');
  });
});
