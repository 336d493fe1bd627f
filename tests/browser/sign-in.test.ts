/** Signing in by name in a real browser, as people with an account do. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestServer, type TestServer } from '../../collector/src/http/testing/test-server.ts';
import { hashPassword } from '../../collector/src/registry/people-passwords.ts';
import { totpAt } from '../../collector/src/registry/people-totp.ts';
import { launchBrowser } from '../harness/browser.ts';
import { createFleet, database } from './fleet.ts';
import { openPage, type WatchedPage } from './watched-page.ts';

const folder = mkdtempSync(join(tmpdir(), 'vonggac-sign-in-'));
const screenshots = process.env.SCREENSHOTS ?? join(folder, 'screenshots');
const password = 'con mèo ngủ trên mái';
const secret = Buffer.from('12345678901234567890');
const clock = { behindMs: 0 };

let browser: Browser;
let server: TestServer;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  mkdirSync(screenshots, { recursive: true });
  await build({
    configFile: join(import.meta.dirname, '../../collector/console/vite.config.ts'),
    logLevel: 'error',
    build: { outDir: join(folder, 'console') },
  });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

beforeEach(async () => {
  server = createTestServer({ consoleFolder: join(folder, 'console'), now: () => Date.now() - clock.behindMs });
  await server.app.listen({ host: '127.0.0.1', port: 0 });
  await createFleet(server, clock);
  const passwordHash = await hashPassword(password);
  server.people.add({ name: 'lan', role: 'operator', unit: undefined, passwordHash }, Date.now());
  server.people.add({ name: 'donghoi', role: 'unit-admin', unit: 'QB-DH', passwordHash }, Date.now());
  watched = await openPage(browser, `http://127.0.0.1:${(server.app.server.address() as AddressInfo).port}`);
  watched.expectComplaints(/status of (401|403|429)/);
  page = watched.page;
});

afterEach(async () => {
  await watched.close();
  await server.close();
  expect(watched.complaints()).toEqual([]);
});

async function fill(name: string, secretWord: string): Promise<void> {
  await page.getByLabel('Tên đăng nhập').fill(name);
  await page.getByLabel('Mật khẩu').fill(secretWord);
}

async function submit(): Promise<void> {
  await page.getByRole('button', { name: 'Đăng nhập' }).click();
}

async function shoot(name: string): Promise<void> {
  await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
}

test('name and password lead to the page that was asked for', async () => {
  await page.goto(`/machines/${database.id}`);
  await fill('Lan', password);
  await submit();
  await page.getByRole('heading', { name: database.hostname }).waitFor();
});

test('errors say what to do, and too many of them how long to wait', async () => {
  await page.goto('/');
  await submit();
  await page.getByText('Hãy nhập tên đăng nhập và mật khẩu').waitFor();
  await fill('lan', 'sai mật khẩu');
  await submit();
  await page.getByText('Tên đăng nhập hoặc mật khẩu không đúng.').waitFor();
  await shoot('sign-in-wrong-vi');
  for (let attempt = 1; attempt < 8; attempt += 1) {
    await page.getByRole('button', { name: 'Đăng nhập', disabled: false }).click();
    await page.getByRole('button', { name: 'Đăng nhập', disabled: false }).waitFor();
  }
  await page.getByText(/Sai quá nhiều lần. Hãy thử lại sau \d+ giây/).waitFor();
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByText(/Too many attempts/).waitFor();
  await shoot('sign-in-locked-en');
});

test('the code of the authenticator program is asked for when it is needed, and gets the cursor', async () => {
  const lan = server.people.byName('lan');
  server.people.setTotp(lan?.id ?? '', secret);
  await page.goto('/');
  await fill('lan', password);
  await submit();
  await page.getByText('Nhập thêm mã 6 số').waitFor();
  await shoot('sign-in-totp-vi');
  await page.locator('input[name=totp]:focus').waitFor();
  await page.keyboard.type(totpAt(secret, Date.now()));
  await page.keyboard.press('Enter');
  await page.getByRole('table').waitFor();
});
