/** `vonggac start` as a person meets it: the link it prints opens a console with this machine, live. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../harness/browser.ts';
import { collectorProgram, Program, run, temporaryFolder, until } from '../harness/program.ts';
import { openPage } from './watched-page.ts';

const folder = temporaryFolder();
const data = join(folder.path, 'data');
let browser: Browser;
let program: Program;

beforeAll(async () => {
  browser = await launchBrowser();
  program = new Program([
    collectorProgram,
    ...['start', '--data', data, '--agents-host', '127.0.0.1', '--agents-port', '0', '--console-port', '0'],
  ]);
  program.start();
});

afterAll(async () => {
  await browser.close();
  await program.stop('SIGKILL');
  folder.remove();
});

test('the printed link signs in once, and the console shows this machine with values that move', async () => {
  const link = await until('the link', () => /http:\/\/\S+\/sign-in#code=\S+/.exec(program.output)?.[0]);
  const watched = await openPage(browser, new URL(link).origin);
  const { page } = watched;
  await page.goto(link);
  await page.getByRole('link', { name: /./ }).first().waitFor();
  await until('the address without the code', () => !page.url().includes('code='));
  const row = page.locator('tbody tr').first();
  await row.waitFor();
  await until('values of this machine', async () => /\d %|\d%/.test((await row.textContent()) ?? ''));
  await row.getByRole('link').first().click();
  await page.locator('canvas').first().waitFor();
  await page.locator('[data-card=connectivity] [data-target=collector][data-up=true]').waitFor();
  if (process.env.SCREENSHOTS)
    await page.screenshot({ path: join(process.env.SCREENSHOTS, 'first-light.png'), fullPage: true });
  expect(run('collector', ['units', 'change', 'TTDL', '--links', 'tslcd-1:tslcd:VNPT', '--data', data]).code).toBe(0);
  await page.goto('/links');
  await page.locator('[data-link="TTDL/tslcd-1"]').waitFor();
  expect(watched.complaints()).toEqual([]);
  await watched.close();

  const again = await openPage(browser, new URL(link).origin);
  again.expectComplaints(/401|403|422|Failed to load resource/);
  await again.page.goto(link);
  await again.page.getByRole('button').first().waitFor();
  expect(await again.page.locator('tbody tr').count()).toBe(0);
  await again.close();
});

test('the commands work on the running data', async () => {
  const table = run('collector', ['query', 'memory.used_percent', '--since', '10m', '--data', data]);
  expect(table).toMatchObject({ code: 0, stdout: expect.stringMatching(/MACHINE.*COURSE/) });
  const { series } = JSON.parse(run('collector', ['query', 'cpu.cores', '--data', data, '--json']).stdout) as {
    series: { tags: Record<string, string>; points: [number, number][] }[];
  };
  expect(series[0]?.points[0]?.[1]).toBeGreaterThan(0);
  expect(run('agent', ['status', '--data', join(data, 'agent')])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('connected'),
  });
});

test('Ctrl-C stops both programs, and the agent has said goodbye', async () => {
  const status = JSON.parse(readFileSync(join(data, 'agent/status.json'), 'utf8')) as { pid: number };
  expect(await program.stop('SIGINT')).toBe(0);
  expect(program.output).toContain('agent stopped');
  expect(() => process.kill(status.pid, 0)).toThrow('ESRCH');
});
