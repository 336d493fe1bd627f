/** What each role finds in the console, and accounts from their making to their end. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TestServer } from '../../collector/src/http/testing/test-server.ts';
import { totpAt } from '../../collector/src/registry/people-totp.ts';
import { ConsoleBench, people } from './console-server.ts';
import { hostileName } from './fleet.ts';
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

const places = {
  admin: ['Máy', 'Sự cố', 'Đường truyền', 'Bảo vệ', 'Đơn vị', 'Cài đặt máy', 'Tài khoản', 'Nhật ký'],
  operator: ['Máy', 'Sự cố', 'Đường truyền', 'Bảo vệ', 'Đơn vị'],
  security: ['Máy', 'Sự cố', 'Đường truyền', 'Bảo vệ', 'Đơn vị', 'Nhật ký'],
  viewer: ['Máy', 'Sự cố', 'Đường truyền', 'Bảo vệ', 'Đơn vị'],
  'unit-admin': ['Máy', 'Sự cố', 'Đường truyền', 'Bảo vệ', 'Đơn vị', 'Cài đặt máy'],
} as const;

test.each(Object.entries(places) as [keyof typeof places, readonly string[]][])('%s', async (role, expected) => {
  watched = await bench.signIn(server, people[role]);
  const { page } = watched;
  const links = page.getByRole('navigation', { name: 'Các trang' }).getByRole('link');
  expect(await links.allTextContents()).toEqual(expected);
  expect(await page.locator('.person-name').textContent()).toBe(people[role]);
  for (const [title, path] of [
    ['Tài khoản', '/people'],
    ['Cài đặt máy', '/codes'],
    ['Nhật ký', '/audit'],
  ] as const) {
    await page.goto(path);
    const isAllowed = expected.includes(title);
    await page
      .getByText(isAllowed ? title : 'Trang này cần quyền khác')
      .first()
      .waitFor();
    expect(await page.getByRole('heading', { name: title, level: 1 }).count()).toBe(isAllowed ? 1 : 0);
  }
});

test('a unit-admin sees the own unit and what is below it, on every page', async () => {
  watched = await bench.signIn(server, people['unit-admin']);
  const { page } = watched;
  await expect.poll(() => page.locator('.person-role').textContent()).toContain('Đồng Hới');
  await expect.poll(() => page.locator('tbody tr').count()).toBe(2);
  await page.getByRole('link', { name: 'Đơn vị', exact: true }).click();
  await expect.poll(() => page.locator('tr[data-code]').count()).toBe(2);
  expect(await page.getByRole('button', { name: 'Thêm đơn vị' }).count()).toBe(0);
  await page.getByRole('link', { name: 'Cài đặt máy' }).click();
  await page.getByRole('button', { name: 'Tạo mã cài đặt' }).click();
  const choices = await page.locator('.dialog select[name=unit] option').allTextContents();
  expect(choices.map((text) => /\((.+)\)/.exec(text)?.[1] ?? '')).toEqual(['', 'QB-DH', 'QB-DH-BL']);
});

describe('accounts', () => {
  test('someone is added with an initial password, and must choose an own one', async () => {
    watched = await bench.signIn(server, people.admin);
    let { page } = watched;
    await page.goto('/people');
    await page.getByRole('button', { name: 'Thêm tài khoản' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Tên đăng nhập').fill('Bắc Lý');
    await dialog.getByLabel('Vai trò').selectOption('unit-admin');
    await dialog.getByLabel('Đơn vị phụ trách').selectOption('QB-DH-BL');
    watched.expectComplaints(/status of 400/);
    await dialog.getByRole('button', { name: 'Thêm tài khoản' }).click();
    await dialog.getByText('gồm 1–64').waitFor();
    await dialog.getByLabel('Tên đăng nhập').fill('bacly');
    await dialog.getByRole('button', { name: 'Thêm tài khoản' }).click();
    const initial = (await page.locator('[data-secret]').textContent()) ?? '';
    expect(await page.locator('tr[data-name=bacly]').textContent()).toContain('phường Bắc Lý');
    await bench.shoot(watched, 'people-vi');
    await watched.close();

    watched = await bench.signIn(server, 'bacly', { secret: initial });
    ({ page } = watched);
    await page.getByRole('heading', { name: 'Hãy đặt mật khẩu của riêng bạn' }).waitFor();
    watched.expectComplaints(/status of 40[03]/);
    await page.getByLabel('Mật khẩu hiện tại').fill(initial);
    await page.getByLabel('Mật khẩu mới', { exact: true }).fill('1234567890');
    await page.getByLabel('Nhập lại mật khẩu mới').fill('1234567890');
    await page.getByRole('button', { name: 'Đổi mật khẩu' }).click();
    await page.locator('.field-error').filter({ hasText: 'mật khẩu' }).waitFor();
    await page.getByLabel('Mật khẩu mới', { exact: true }).fill('mưa rơi trên sông Nhật Lệ');
    await page.getByLabel('Nhập lại mật khẩu mới').fill('mưa rơi trên sông Nhật Lệ');
    await page.getByRole('button', { name: 'Đổi mật khẩu' }).click();
    await expect.poll(() => page.locator('tbody tr').count()).toBe(1);
  });

  test('two-step sign-in is turned on with the code of the phone', async () => {
    watched = await bench.signIn(server, people.operator);
    const { page } = watched;
    await page.locator('.person').click();
    await page.getByRole('button', { name: 'Bật xác thực hai lớp' }).click();
    const dialog = page.getByRole('dialog');
    const shown = await dialog.locator('.secret-groups').textContent();
    expect(shown).toMatch(/^([A-Z2-7]{4} )+[A-Z2-7]{4}$/);
    watched.expectComplaints(/status of 403/);
    await dialog.getByLabel('Mã 6 số').fill('000000');
    await dialog.getByRole('button', { name: 'Bật xác thực hai lớp' }).click();
    await dialog.getByText('Mã 6 số không đúng').waitFor();
    await dialog.getByLabel('Mã 6 số').fill(totpAt(fromBase32((shown ?? '').replaceAll(' ', '')), Date.now()));
    await dialog.getByRole('button', { name: 'Bật xác thực hai lớp' }).click();
    await page.getByText('Đã bật. Từ nay').waitFor();
    expect(server.people.byName(people.operator)?.totpSecret).toBeDefined();
  });

  test('whoever is disabled is out at the next step', async () => {
    watched = await bench.signIn(server, people.viewer);
    const admin = await bench.signIn(server, people.admin);
    await admin.page.goto('/people');
    await admin.page
      .locator(`tr[data-name=${people.viewer}]`)
      .getByRole('button', { name: 'Khóa', exact: true })
      .click();
    await admin.page.getByRole('dialog').getByRole('button', { name: 'Khóa' }).click();
    await admin.page.locator(`tr[data-name=${people.viewer}]`).getByText('Đã khóa').waitFor();
    await admin.close();
    watched.expectComplaints(/status of 401|ERR_INCOMPLETE_CHUNKED_ENCODING/);
    await watched.page.getByRole('link', { name: 'Đơn vị', exact: true }).click();
    await watched.page.getByLabel('Tên đăng nhập').waitFor();
  });

  test('a token is shown once and can be revoked', async () => {
    watched = await bench.signIn(server, people.admin);
    const { page } = watched;
    await page.goto('/tokens');
    await page.getByRole('button', { name: 'Tạo khóa API' }).click();
    await page.getByRole('dialog').getByLabel('Dùng cho').fill(hostileName);
    await page.getByRole('dialog').getByRole('button', { name: 'Tạo khóa API' }).click();
    const token = (await page.locator('[data-secret]').textContent()) ?? '';
    const headers = { authorization: `Bearer ${token}` };
    const ask = async () => (await server.app.inject({ url: '/api/v1/me', headers })).statusCode;
    expect(await ask()).toBe(200);
    await page.reload();
    const row = page.locator('tr[data-id]').filter({ hasText: 'onerror=alert' });
    await row.getByRole('button', { name: 'Thu hồi' }).click();
    expect(await page.locator('[data-secret]').count()).toBe(0);
    await page.getByRole('dialog').getByRole('button', { name: 'Thu hồi' }).click();
    await row.getByText('Đã thu hồi').waitFor();
    expect(await ask()).toBe(401);
  });
});

test('who closes a dialog with Escape is back where they were', async () => {
  watched = await bench.signIn(server, people.admin);
  const { page } = watched;
  await page.goto('/people');
  await page.getByRole('button', { name: 'Thêm tài khoản' }).focus();
  await page.keyboard.press('Enter');
  await page.locator('.dialog input[name=name]:focus').waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Thêm tài khoản');
});

/** RFC 4648, as authenticator programs read it. */
function fromBase32(text: string): Buffer {
  const bits = [...text].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  );
  return Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
