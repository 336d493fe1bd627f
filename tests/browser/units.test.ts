/** The tree of units in a real browser: what an administrator does to it, by form and by file. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { TestServer } from '../../collector/src/http/testing/test-server.ts';
import { ConsoleBench, people } from './console-server.ts';
import type { WatchedPage } from './watched-page.ts';

const bench = new ConsoleBench();
let server: TestServer;
let watched: WatchedPage;

beforeAll(() => bench.start());
afterAll(() => bench.stop());
beforeEach(async () => {
  server = await bench.serve();
  watched = await bench.signIn(server, people.admin);
});
afterEach(async () => {
  await watched.close();
  await server.close();
  expect(watched.complaints()).toEqual([]);
});

function file(...lines: string[]) {
  return { name: 'units.csv', mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n')) };
}

test('a file is shown with every error and every change before it is written', async () => {
  const { page } = watched;
  await page.goto('/units/import');
  const header = 'code,name,parent,kind,security_level';
  const good = ['QB-MOI,Xã Mới,QB,commune,2', 'QB-SYT,Sở Y tế tỉnh,QB,department,'];
  await page.getByLabel('Tệp CSV').setInputFiles(file(header, ...good, 'qb sai,,QB,commune,9'));
  await page.getByText('3 lỗi').waitFor();
  expect(await page.locator('.import-problems').textContent()).toContain('phải là số nguyên từ 1 đến 5');
  expect(await page.getByRole('button', { name: /^Ghi/ }).count()).toBe(0);
  await bench.shoot(watched, 'unit-import-problems-vi');

  await page.getByLabel('Tệp CSV').setInputFiles(file(header, ...good));
  await page.getByText('Thêm mới: 1').waitFor();
  await page.getByText('Thay đổi: 1').waitFor();
  expect(await page.locator('[data-plan]').textContent()).toContain('Tên: Sở Y tế → Sở Y tế tỉnh');
  expect(server.units.get('QB-MOI')).toBeUndefined();
  await page.getByRole('button', { name: 'Ghi 2 thay đổi' }).click();
  await page.getByText('Đã ghi: thêm 1, thay đổi 1 đơn vị.').waitFor();
  expect(server.units.get('QB-MOI')).toMatchObject({ name: 'Xã Mới', parent: 'QB' });
});

test('a unit is added, moved and retired, with errors beside their fields', async () => {
  const { page } = watched;
  await page.goto('/units');
  await page.getByRole('button', { name: 'Thêm đơn vị' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Mã đơn vị').fill('qb-thu');
  await dialog.getByLabel('Tên đơn vị').fill('Xã Thử');
  await dialog.getByLabel('Điện thoại').fill('không biết');
  watched.expectComplaints(/status of 40[09]/);
  await dialog.getByRole('button', { name: 'Lưu' }).click();
  await dialog.getByText('Gồm 1–32 chữ hoa không dấu').waitFor();
  expect(await dialog.getByLabel('Điện thoại').getAttribute('aria-invalid')).toBe('true');
  await dialog.getByLabel('Mã đơn vị').fill('QB-THU');
  await dialog.getByLabel('Điện thoại').fill('0232 3822 999');
  await dialog.getByLabel('Đơn vị cấp trên').selectOption('QB-LT');
  await dialog.getByRole('button', { name: 'Thêm đường truyền' }).click();
  await dialog.getByLabel('Nhà mạng').fill('VNPT');
  await dialog.getByRole('button', { name: 'Lưu' }).click();
  await page.waitForURL('**/units/QB-THU');
  await page.getByRole('heading', { name: 'Xã Thử' }).waitFor();

  await page.getByRole('button', { name: 'Sửa', exact: true }).click();
  expect(await dialog.getByLabel('Đơn vị cấp trên').inputValue()).toBe('QB-LT');
  await dialog.getByLabel('Đơn vị cấp trên').selectOption('QB-DH');
  await dialog.getByRole('button', { name: 'Lưu' }).click();
  await page.locator('.history').getByText('Ủy ban nhân dân thành phố Đồng Hới (QB-DH)').waitFor();
  expect(server.units.details('QB-THU')).toMatchObject({
    parent: 'QB-DH',
    contact_phone: '0232 3822 999',
    links: [{ id: 'tslcd-1', kind: 'tslcd', carrier: 'VNPT' }],
  });

  await page.getByRole('button', { name: 'Kết thúc' }).click();
  await dialog.getByLabel('Đơn vị tiếp nhận').selectOption('QB-DH');
  await dialog.getByRole('button', { name: 'Kết thúc' }).click();
  await page.getByText('Đã kết thúc Xã Thử.').waitFor();
  await page.getByText(/Đã kết thúc ngày .*, nhập vào Ủy ban nhân dân thành phố Đồng Hới/).waitFor();
  await bench.shoot(watched, 'unit-retired-vi');
});

test('a search finds by letters without marks and shows where it is', async () => {
  const { page } = watched;
  await page.goto('/units');
  await page.getByRole('searchbox').fill('bac ly');
  const codes = () => page.locator('tr[data-code]').evaluateAll((rows) => rows.map((each) => each.dataset.code));
  await expect.poll(codes).toEqual(['QB', 'QB-DH', 'QB-DH-BL']);
  expect(await page.locator('tr[data-code=QB-DH] .machine-count').textContent()).toBe('2 / –');
});
