/** A machine from the code to the list, with a real agent, through the console. */
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { launchBrowser } from '../harness/browser.ts';
import { agentProgram, collectorProgram, Program, temporaryFolder, until } from '../harness/program.ts';
import { openPage, type WatchedPage } from './watched-page.ts';

const folder = temporaryFolder();
const data = join(folder.path, 'data');
const screenshots = process.env.SCREENSHOTS ?? join(folder.path, 'screenshots');
const collector = new Program([
  collectorProgram,
  ...['start', '--data', data, '--agents-host', '127.0.0.1', '--agents-port', '0', '--console-port', '0'],
]);
let browser: Browser;
let watched: WatchedPage;
let page: Page;
/** The short form of the code that was made last. */
let groups: readonly string[];

beforeAll(async () => {
  browser = await launchBrowser();
  collector.start();
  const link = await until('the link', () => /http:\/\/\S+\/sign-in#code=\S+/.exec(collector.output)?.[0]);
  watched = await openPage(browser, new URL(link).origin);
  page = watched.page;
  await page.goto(link);
  await page.getByRole('link', { name: 'Cài đặt máy' }).click();
});

afterAll(async () => {
  await browser.close();
  await collector.stop('SIGKILL');
  folder.remove();
});

async function makeCode(): Promise<string> {
  await page.getByRole('button', { name: 'Tạo mã cài đặt' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Mỗi máy phải chờ được duyệt').check();
  await dialog.getByRole('button', { name: 'Tạo mã cài đặt' }).click();
  const code = (await page.locator('[data-secret=full]').textContent()) ?? '';
  groups = await page.locator('[data-secret=short] span').allTextContents();
  await page.locator('.new-code').screenshot({ path: join(screenshots, 'code-vi.png') });
  await page.locator('.new-code').getByRole('button', { name: 'Đóng' }).click();
  expect(await page.locator('[data-secret]').count()).toBe(0);
  return code;
}

function enrol(code: string, name: string): Program {
  const agent = new Program([agentProgram, 'enrol', code, '--data', join(folder.path, name)], {
    VONGGAC_AGENT_LANG: 'en',
  });
  agent.start();
  onTestFinished(() => void agent.stop('SIGKILL'));
  return agent;
}

test('a machine waits with its fingerprint, and is let in by a person who compared it', async () => {
  const code = await makeCode();
  expect(groups).toHaveLength(8);
  expect(groups.join('')).toMatch(/^[0-9A-HJKMNP-TV-Z]{32}$/);

  const agent = enrol(code, 'accepted');
  const waiting = page.locator('.waiting-machine');
  await waiting.waitFor();
  const fingerprint = (await waiting.locator('.fingerprint').textContent()) ?? '';
  await until('the same fingerprint on the machine', () => agent.output.includes(fingerprint));
  await waiting.getByRole('button', { name: 'Duyệt' }).click();
  await page.getByRole('dialog').getByText(fingerprint).waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Duyệt' }).click();
  await page.getByText('Không có máy nào đang chờ.').waitFor();
  await until('the agent to be done', () => !agent.running);
  expect(await agent.stop(), agent.output).toBe(0);
  await page.getByRole('button', { name: 'Lần dùng' }).first().click();
  await page.getByRole('dialog').getByText('Được duyệt').waitFor();
  await page.keyboard.press('Escape');
});

test('a machine that is refused is told so', async () => {
  const agent = enrol(await makeCode(), 'refused');
  await page.locator('.waiting-machine').getByRole('button', { name: 'Từ chối' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Từ chối' }).click();
  await until('the agent to be done', () => !agent.running, 60_000);
  expect(await agent.stop()).not.toBe(0);
  expect(agent.output).toMatch(/refused/i);
});

test('a machine is revoked on its own page', async () => {
  await page.getByRole('link', { name: 'Máy', exact: true }).click();
  await page.locator('tbody tr').first().getByRole('link').click();
  await page.getByRole('button', { name: 'Thu hồi máy' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Thu hồi máy' }).click();
  await page.locator('.machine-state[data-state=retired]').waitFor();
  expect(await page.getByRole('button', { name: 'Thu hồi máy' }).count()).toBe(0);
  expect(watched.complaints()).toEqual([]);
});
