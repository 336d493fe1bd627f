/** Protection and malware in a real browser, from what machines tell a real collector. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { point } from '@vonggac/shared';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { People } from '../../collector/src/registry/people.ts';
import { openPeople } from '../../collector/src/registry/people-file.ts';
import { hashPassword } from '../../collector/src/registry/people-passwords.ts';
import { launchBrowser } from '../harness/browser.ts';
import { CollectorProcess, temporaryFolder, until } from '../harness/program.ts';
import { detection, goodProduct, product, TellingMachine } from '../harness/telling-machine.ts';
import { password } from './console-server.ts';
import { openPage, type WatchedPage } from './watched-page.ts';

const folder = temporaryFolder();
const config = join(folder.path, 'config.yaml');
const collector = new CollectorProcess(join(folder.path, 'collector'), { VONGGAC_CONFIG: config });
const screenshots = process.env.SCREENSHOTS;
const machines: TellingMachine[] = [];
let browser: Browser;
let watched: WatchedPage;

async function enrol(name: string, unit: string, kind: 'server' | 'pc' = 'pc'): Promise<TellingMachine> {
  const machine = await TellingMachine.enrol(collector, { folder: folder.path, name, unit, class: kind });
  machines.push(machine);
  return machine;
}

const seconds = (days: number) => Math.floor(Date.now() / 1_000 - days * 86_400);

/** Good, old signatures with a bad posture, malware that was not dealt with, and one of which nobody knows. */
async function enrolAll(): Promise<void> {
  // Each tells at once: what is critical must be so at the first look at a machine, the next one is a minute later.
  const good = await enrol('may-chu-tot', 'SO-YT', 'server');
  await good.tell(goodProduct());
  const late = product({
    ...{ running: true, realtime: true, mode: 'active', name: 'Kaspersky <b>10</b>', version: '12.1' },
    ...{ signature_time_seconds: seconds(5), licence_status: 'valid', licence_expires_seconds: seconds(-90) },
  });
  const posture = point('posture', {
    time: Date.now(),
    tags: {},
    fields: {
      ...{ firewall: true, firewall_public: false, security_updates: 4, oldest_update_seconds: seconds(12) },
      ...{ reboot_pending: true, reboot_pending_seconds: seconds(2), remote_desktop: true },
    },
  });
  const old = await enrol('pc-mau-cu', 'UB-LT');
  await old.tell(late, posture);
  const object = 'C:\\Users\\<user>\\Downloads\\hoa-don.exe';
  const infected = await enrol('pc-co-ma-doc', 'UB-LT');
  await infected.tell(product({ running: true, realtime: true, mode: 'active', signature_time_seconds: seconds(9) }));
  await infected.tell(detection('e-1', { object, action: 'failed', resolved: false, error_code: '0x80508023' }));
  await infected.tell(
    detection('e-2', { name: 'Trojan.Done', category: 'trojan', action: 'quarantined', resolved: true }),
  );
  const unknown = await enrol('pc-khong-doc-duoc', 'UB-LT');
  await unknown.tell(product({ read_state: 'denied' }));
}

async function levelOf(machine: TellingMachine | undefined): Promise<string | undefined> {
  const { items } = (await collector.get(`/api/v1/protection?agent=${machine?.id}`)) as { items: { level: string }[] };
  return items[0]?.level;
}

beforeAll(async () => {
  writeFileSync(config, 'protection: {critical_samples: 1}\n');
  if (screenshots) mkdirSync(screenshots, { recursive: true });
  browser = await launchBrowser();
  await collector.start();
  collector.command('units', 'add', 'SO-YT', '--name', 'Sở Y tế');
  collector.command('units', 'add', 'UB-LT', '--name', 'Ủy ban nhân dân xã Lâm Thủy');
  collector.command('units', 'change', 'UB-LT', '--declared-pcs', '8');
  const people = openPeople(collector.folder);
  new People(people).add(
    { name: 'khach', role: 'viewer', unit: undefined, passwordHash: await hashPassword(password) },
    Date.now(),
  );
  people.close();
  await enrolAll();
  await until('the machine with malware', async () => (await levelOf(machines[2])) === 'unprotected', 80_000);
});

afterEach(async () => {
  await watched.close();
  expect(watched.complaints()).toEqual([]);
});

afterAll(async () => {
  for (const machine of machines) machine.agent.close();
  await browser.close();
  await collector.stop();
  folder.remove();
});

async function signIn(width = 1280): Promise<void> {
  watched = await openPage(browser, collector.consoleUrl, { viewport: { width, height: 900 } });
  const { page } = watched;
  await page.goto('/sign-in');
  await page.getByLabel('Tên đăng nhập').fill('khach');
  await page.getByLabel('Mật khẩu').fill(password);
  await page.getByRole('button', { name: 'Đăng nhập' }).click();
  await page.locator('.header .person').waitFor();
}

test('from the unit that is worst off to its machines and why, and to what was found', async () => {
  await signIn();
  const { page } = watched;
  await page.getByRole('link', { name: 'Bảo vệ' }).click();
  await page.locator('tr[data-unit]').first().waitFor();
  const units = await page.locator('tr[data-unit]').evaluateAll((rows) => rows.map((row) => row.dataset.unit));
  expect(units).toEqual(['UB-LT', 'SO-YT']);
  expect(await page.locator('tr[data-unit=UB-LT]').textContent()).toMatch(/0%83111050/);
  expect(await page.locator('tr[data-unit=SO-YT]').textContent()).toMatch(/Chưa rõchưa khai báo1000100/);

  await page.getByRole('link', { name: 'Ủy ban nhân dân xã Lâm Thủy' }).click();
  await page.waitForURL('**/protection/machines?unit=UB-LT');
  const rows = page.locator('tr[data-machine]');
  const levels = () => rows.evaluateAll((all) => all.map((row) => row.dataset.level));
  await expect.poll(levels).toEqual(['unprotected', 'unknown', 'attention']);
  expect(await rows.nth(0).textContent()).toMatch(
    /Mẫu nhận dạng quá cũ AV-04.*Đã phát hiện mã độc trên máy AV-08.*chưa xử lý xong: 1/,
  );
  expect(await rows.nth(1).textContent()).toMatch(/Chưa rõ máy có được bảo vệ.*không biết ngày của mẫu/);
  expect(await rows.nth(2).textContent()).toMatch(/Mẫu nhận dạng quá cũ AV-04.*tuổi mẫu: 5 ngày.*giới hạn: 3 ngày/);
  await page.getByRole('button', { name: /Cần chú ý/ }).click();
  await expect.poll(levels).toEqual(['attention']);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Tải CSV' }).click();
  expect((await download).suggestedFilename()).toBe('protection.csv');

  await page.getByRole('link', { name: 'Mã độc', exact: true }).click();
  const found = page.locator('tr[data-detection]');
  await expect.poll(() => found.count()).toBe(2);
  await page.getByLabel('Kết quả').selectOption('Chưa xử lý xong');
  await expect.poll(() => found.count()).toBe(1);
  expect(await found.textContent()).toMatch(/pc-co-ma-doc.*Eicar <&>.*hoa-don\.exe.*Cao.*xử lý không thành.*Chưa xong/);
  await page.getByLabel('Tìm theo tên mã độc').fill('khong co');
  await page.getByText('Không phát hiện mã độc nào').waitFor();
});

test('a machine: products and settings, and what is not known is never good', async () => {
  await signIn();
  const { page } = watched;
  await page.goto(`/machines/${machines[1]?.id}`);
  const card = page.locator('[data-card=protection]');
  await card.getByText('Cần chú ý').waitFor();
  const text = await card.textContent();
  expect(text).toMatch(/Kaspersky <b>10<\/b>.*Đang chạy.*Bật.*cũ 5 ngày.*còn hạn/);
  expect(text).toMatch(/tắt ở: mạng công cộng.*4, lâu nhất 12 ngày.*Tự động cập nhậtChưa rõ.*Đang chờ.*2 ngày nay/);
  await page.goto(`/machines/${machines[3]?.id}`);
  await card.getByText('tác tử không có quyền đọc').first().waitFor();
  expect(await card.locator('.products .state-online').count()).toBe(0);
  expect(await card.locator('.products').textContent()).toMatch(/Dịch vụChưa rõThời gian thựcChưa rõ/);
  await page.goto(`/machines/${machines[2]?.id}`);
  await card.getByRole('link', { name: 'Mã độc tìm thấy trên máy này' }).click();
  await page.getByRole('button', { name: 'Chỉ máy pc-co-ma-doc' }).waitFor();
});

test('incidents of protection in words', async () => {
  const [good, old, infected] = machines;
  await old?.tell(detection('e-3', { action: 'blocked', resolved: true }));
  await good?.tell(detection('e-4', { action: 'blocked', resolved: true }));
  await infected?.tell(product({ running: false, realtime: false }));
  await signIn();
  const { page } = watched;
  await page.goto('/incidents');
  const outbreak = page.locator('.incident').filter({ hasText: 'Mã độc lây lan' });
  await outbreak.getByText('Bằng chứng', { exact: true }).click();
  expect(await outbreak.locator('.fact-table').first().textContent()).toMatch(/Máy đã dính.*Máy lân cận, chưa dính/);
  const hint = page.locator('.incident').filter({ hasText: 'Dấu hiệu bị xâm nhập' });
  await hint.getByText('Bằng chứng', { exact: true }).click();
  await hint.getByText('phát hiện mã độc').waitFor();
  await page
    .locator('.incident')
    .filter({ hasText: 'Phát hiện mã độc' })
    .getByRole('link', { name: 'trojan.done' })
    .waitFor();
  await outbreak.getByRole('link', { name: 'eicar <&>' }).click();
  await expect.poll(() => page.locator('tr[data-detection]').count()).toBe(3);
});

test.each([
  ['vi', 1280],
  ['vi', 390],
  ['en', 1280],
  ['en', 390],
] as const)('looks: %s at %i', async (language, width) => {
  await signIn(width);
  const { page } = watched;
  await page.evaluate((chosen) => localStorage.setItem('vonggac.language', chosen), language);
  const paths = ['/protection', '/protection/machines', '/malware', `/machines/${machines[1]?.id}`, '/incidents'];
  for (const [index, path] of paths.entries()) {
    await page.goto(path);
    await page
      .locator('tr[data-unit], tr[data-machine], tr[data-detection], [data-card=protection] .products, .incident')
      .first()
      .waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(width);
    if (screenshots) {
      await page.screenshot({
        path: join(screenshots, `protection-${index}-${language}-${width}.png`),
        fullPage: true,
      });
    }
  }
});
