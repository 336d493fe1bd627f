/** The console in a real browser, served by the real HTTP server. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { point } from '@vonggac/shared';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createTestServer, type TestServer } from '../../collector/src/http/testing/test-server.ts';
import { signInPath } from '../../collector/src/registry/sign-in-links.ts';
import { launchBrowser } from '../harness/browser.ts';
import { openLink } from './cuttable-link.ts';
import { createFleet, database, hostileName, measure, report } from './fleet.ts';
import { openPage, type WatchedPage } from './watched-page.ts';

const folder = mkdtempSync(join(tmpdir(), 'vonggac-browser-'));
const consoleFolder = join(folder, 'console');
const screenshots = process.env.SCREENSHOTS ?? join(folder, 'screenshots');

const clock = { behindMs: 0 };

let browser: Browser;
let server: TestServer;
let origin: string;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  mkdirSync(screenshots, { recursive: true });
  await build({
    configFile: join(import.meta.dirname, '../../collector/console/vite.config.ts'),
    logLevel: 'error',
    build: { outDir: consoleFolder },
  });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

async function startServer(port = 0): Promise<TestServer> {
  const started = createTestServer({ consoleFolder, now: () => Date.now() - clock.behindMs });
  await started.app.listen({ host: '127.0.0.1', port });
  return started;
}

beforeEach(async () => {
  server = await startServer();
  origin = `http://127.0.0.1:${(server.app.server.address() as AddressInfo).port}`;
  await createFleet(server, clock);
  await open(origin);
});

afterEach(async () => {
  await watched.close();
  await server.close();
  expect(watched.complaints()).toEqual([]);
});

async function open(at: string, options: BrowserContextOptions = {}): Promise<void> {
  await watched?.close();
  watched = await openPage(browser, at, options);
  page = watched.page;
}

async function signIn(): Promise<void> {
  await page.goto(signInPath(server.signInLinks.create('viewer', Date.now())));
  await page.getByRole('table').waitFor();
}

async function shoot(name: string): Promise<void> {
  await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
}

function row(id: string) {
  return page.locator(`tr[data-id="${id}"]`);
}

/** Waits for all charts, then counts the pixels that each has drawn. */
async function drawnPixels(): Promise<Record<string, number>> {
  await page.locator('[data-chart="load"] canvas').waitFor();
  await page.locator('[data-chart="load"] .legend b').first().filter({ hasNotText: '–' }).waitFor();
  return await page.evaluate(() => {
    const counts: Record<string, number> = {};
    for (const canvas of document.querySelectorAll('canvas')) {
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      let colored = 0;
      for (let at = 0; at < pixels.length; at += 4) {
        const [red = 0, green = 0, blue = 0, alpha = 0] = pixels.slice(at, at + 4);
        if (alpha > 20 && Math.max(red, green, blue) - Math.min(red, green, blue) > 40) colored += 1;
      }
      counts[canvas.closest('[data-chart]')?.getAttribute('data-chart') ?? ''] = colored;
    }
    return counts;
  });
}

/** The database server tells of one more gap, no longer than a moment. */
async function loseMoment(secondsAgo: number): Promise<void> {
  const { id: agent, hostname: host, unit, class: agentClass } = database;
  const at = Math.floor(Date.now() / 1_000) - secondsAgo;
  const gap = point('spool_gap', {
    time: Date.now(),
    tags: { reason: 'damaged', lane: 'metrics' },
    fields: { lost_points: -1, from_seconds: at, to_seconds: at },
  });
  await server.store.write([{ origin: { agent, host, unit, class: agentClass }, points: [gap] }]);
}

/** How much of a chart's canvas has the colour of what is not known. */
function shadedShare(element: Element): number {
  const canvas = element as HTMLCanvasElement;
  const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
  const probe = document.body.appendChild(document.createElement('i'));
  probe.style.color = 'var(--unknown)';
  const color = getComputedStyle(probe).color.match(/\d+/g)?.map(Number) ?? [];
  probe.remove();
  let shaded = 0;
  for (let at = 0; at < pixels.length; at += 4) {
    // What is seen through keeps its colour, but for a rounding.
    const near = color.every((part, index) => Math.abs((pixels[at + index] ?? 0) - part) < 8);
    if (near && (pixels[at + 3] ?? 0) > 20) shaded += 1;
  }
  return (4 * shaded) / pixels.length;
}

describe('signing in', () => {
  test('a link opens the console and leaves no code behind', async () => {
    await signIn();
    expect(page.url()).toBe(`${origin}/`);
    const cookies = await page.context().cookies();
    expect(cookies).toMatchObject([{ name: 'vonggac', httpOnly: true, sameSite: 'Strict' }]);
    await page.reload();
    await page.getByRole('table').waitFor();
  });

  test('whoever is not signed in gets to the page they wanted by pasting the code', async () => {
    watched.expectComplaints(/status of 401/);
    await page.goto(`/machines/${database.id}`);
    await page.getByText('Đăng nhập bằng mã một lần').click();
    await page.getByLabel('Mã đăng nhập một lần').fill('không phải mã');
    await page.getByRole('button', { name: 'Đăng nhập' }).click();
    await page.getByText('Đây không phải là mã đăng nhập.').waitFor();
    await shoot('sign-in-vi');
    await page.getByLabel('Mã đăng nhập một lần').fill(` ${server.signInLinks.create('viewer', Date.now())}\n`);
    await page.getByRole('button', { name: 'Đăng nhập' }).click();
    await page.getByRole('heading', { name: database.hostname }).waitFor();
  });

  test('a used link says so, and signing out ends the session', async () => {
    watched.expectComplaints(/status of 403/);
    const path = signInPath(server.signInLinks.create('viewer', Date.now()));
    await page.goto(path);
    await page.getByRole('button', { name: 'Đăng xuất' }).click();
    await page.getByLabel('Tên đăng nhập').waitFor();
    await page.goto('about:blank');
    await page.goto(path);
    await page.getByText('Mã sai, đã dùng hoặc đã hết hạn').waitFor();
  });
});

describe('machines', () => {
  beforeEach(signIn);

  test('each state has its word, and what is not known is a dash', async () => {
    const states = await page
      .locator('tbody tr')
      .evaluateAll((rows) => rows.map((each) => each.getAttribute('data-state')));
    expect(states.slice(0, 3)).toEqual(['offline', 'late', 'inconclusive']);
    expect(await row('a-0021').textContent()).toContain('Mất kết nối');
    expect(await row('a-0022').locator('.meter').allTextContents()).toEqual(['–', '–', '–']);
    expect(await row(database.id).locator('.meter').allTextContents()).toEqual(['34%', '71%', '88%']);
    expect(await page.getByRole('button', { name: 'Đang hoạt động' }).textContent()).toBe('11Đang hoạt động');
  });

  test('changes arrive by themselves', async () => {
    await page.evaluate(() => Object.assign(window, { sameDocument: true }));
    await page.locator('[data-link="live"]').waitFor();
    report(server, { ...database, cpu: 55.5 });
    await row(database.id).locator('.column-cpu').filter({ hasText: '56%' }).waitFor();
    server.live.disconnected(database.id, 'shutdown');
    await row(database.id).and(page.locator('[data-state="offline"]')).waitFor();
    await page.getByRole('button', { name: 'Mất kết nối' }).filter({ hasText: '2' }).waitFor();
    server.addAgent('a-0099', { hostname: 'may-moi', unit: 'QB-SYT' });
    await page.getByText('may-moi').waitFor();
    expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true);
  });

  test('filters are in the address and survive a reload', async () => {
    await page.getByRole('searchbox').fill('le thuy');
    await page.waitForURL('**/?q=le+thuy');
    await expect.poll(() => page.locator('tbody tr').count()).toBe(3);
    await page.getByRole('button', { name: 'Chậm tín hiệu' }).click();
    await page.waitForURL('**state=late**');
    await page.reload();
    await expect.poll(() => page.locator('tbody tr').count()).toBe(1);
    await page.getByText('pc-diachinh-lt').click();
    await page.getByText('‹ Danh sách máy').click();
    await page.waitForURL('**/?q=le+thuy&state=late');
    expect(await page.getByRole('searchbox').inputValue()).toBe('le thuy');
    await page.getByRole('searchbox').fill('không có máy này');
    await page.getByRole('button', { name: 'Bỏ bộ lọc' }).click();
    await expect.poll(() => page.locator('tbody tr').count()).toBe(15);
  });

  test('a column head sorts, by keyboard too', async () => {
    await page.getByRole('button', { name: 'CPU' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/?sort=-cpu');
    await expect.poll(() => page.locator('tbody th').first().textContent()).toBe('cong-dvc-02');
    expect(await page.locator('th[aria-sort="descending"]').textContent()).toContain('CPU');
  });

  test('a hostile name is text', async () => {
    const shown = await row('a-0011').locator('th').textContent();
    expect(shown).toBe('<img src=x onerror=alert(1)>\ufffdgpj.exe\ufffd');
    await page.getByText('onerror=alert').click();
    await page.getByRole('heading', { name: 'onerror=alert' }).waitFor();
    expect(await page.locator('img[src="x"]').count()).toBe(0);
    expect(await page.title()).not.toContain(hostileName);
  });

  test('seven thousand machines come page by page', async () => {
    for (let n = 0; n < 7_300; n += 1)
      server.addAgent(`b-${n}`, { hostname: `pc-${String(n).padStart(4, '0')}`, unit: 'QB' });
    await page.goto('/?sort=name&q=pc-');
    await page.getByText('1–100 trong 7.305 máy').waitFor();
    expect(await page.locator('tbody tr').count()).toBe(100);
    await page.getByRole('button', { name: 'Trang sau' }).click();
    await page.getByText('101–200 trong 7.305 máy').waitFor();
    await page.getByText('pc-0100').waitFor();
    await page.getByRole('button', { name: 'Trang trước' }).click();
    await page.getByText('pc-0000').waitFor();
  });

  test('both languages, and the choice is kept', async () => {
    expect(await page.locator('html').getAttribute('lang')).toBe('vi');
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('columnheader', { name: 'Last seen' }).waitFor();
    await page.reload();
    await page.getByRole('columnheader', { name: 'Last seen' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
  });

  test('a line that goes dead is noticed, takes the colours, and is mended without help', async () => {
    const link = await openLink(Number(new URL(origin).port));
    onTestFinished(() => link.close());
    await open(link.origin);
    await signIn();
    await page.locator('[data-link="live"]').waitFor();
    link.cut();
    await page.getByText('Số liệu trên màn hình đã cũ').waitFor();
    await page.locator('main[data-stale="true"]').waitFor();
    await shoot('link-lost-vi');
    expect(await row(database.id).count()).toBe(1);
    report(server, { ...database, cpu: 55.5 });
    link.mend();
    await page.locator('[data-link="live"]').waitFor();
    await row(database.id).locator('.column-cpu').filter({ hasText: '56%' }).waitFor();
  });

  test('a collector that comes back without its sessions asks to sign in', async () => {
    watched.expectComplaints(
      /ERR_CONNECTION_(REFUSED|RESET)|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE_CHUNKED_ENCODING|status of 401/,
    );
    await page.locator('[data-link="live"]').waitFor();
    await server.close();
    server = await startServer(Number(new URL(origin).port));
    await page.getByLabel('Tên đăng nhập').waitFor();
  });

  test('the policy stops code in the page, and these tests would see it', async () => {
    await page.evaluate(() => document.body.setAttribute('onclick', 'document.title = "run"')).catch(() => undefined);
    await page.evaluate(() => document.body.click());
    expect(await page.title()).not.toBe('run');
    await expect.poll(() => watched.complaints().join()).toMatch(/policy: /);
    watched.expectComplaints(/^policy: |inline|Trusted/);
  });
});

describe('one machine', () => {
  beforeEach(async () => {
    await signIn();
    await page.getByText(database.hostname).click();
    await page.getByRole('heading', { name: database.hostname }).waitFor();
  });

  test('charts are drawn, with their gaps and their names', async () => {
    const drawn = await drawnPixels();
    expect(Object.keys(drawn)).toEqual(['cpu', 'memory', 'network', 'diskIo', 'load', 'answerTime']);
    for (const [chart, pixels] of Object.entries(drawn)) expect(pixels, chart).toBeGreaterThan(1_000);
    expect(await page.locator('[data-chart="cpu"] .legend').textContent()).toContain('Chương trình người dùng');
    expect(await page.getByLabel('Chọn cổng mạng').inputValue()).toBe('ens18');
    expect(await page.locator('[data-card="file-systems"]').textContent()).toContain('/var/lib/postgresql');
    expect(await page.locator('[data-card="inventory"]').textContent()).toContain('PowerEdge R750');
    const hardware = page.locator('[data-card="hardware"]');
    expect(await hardware.locator('[data-tone="warning"]').textContent()).toContain('chạy bằng pin · 62%');
    expect(await hardware.locator('[data-tone="unknown"]').textContent()).toContain('Permission denied');
  });

  test('where the machine says that data was lost, each chart is shaded and says so in words', async () => {
    await drawnPixels();
    const chart = page.locator('[data-chart="memory"]');
    const words = /^Mất 648 điểm đo vì hàng đợi đầy \(.+ – .+\)$/;
    expect(await page.locator('.gap-legend').allTextContents()).toEqual(Array(6).fill(expect.stringMatching(words)));
    // Nine of sixty minutes, over the whole height; the rest of the canvas is curves and axes.
    await expect.poll(() => chart.locator('canvas').evaluate(shadedShare)).toBeGreaterThan(0.05);
    expect(await chart.locator('canvas').evaluate(shadedShare)).toBeLessThan(0.15);

    await loseMoment(20 * 60);
    await page.reload();
    await chart.getByText('không đếm được, vì tệp hàng đợi bị hỏng').waitFor();
    await shoot('machine-gaps');
    // Under the pointer are only those that lie there.
    const { width, height } = (await chart.locator('.u-over').boundingBox()) ?? { width: 0, height: 0 };
    await chart.locator('.u-over').hover({ position: { x: (25 / 60) * width, y: height / 2 } });
    await chart.getByText('không đếm được').waitFor({ state: 'detached' });
    expect(await chart.locator('.gap-legend').textContent()).toMatch(words);
    await page.getByRole('button', { name: '15 phút' }).click();
    await page.waitForURL('**?range=15m');
    await drawnPixels();
    await expect.poll(() => chart.locator('canvas').evaluate(shadedShare)).toBe(0);
    expect(await page.locator('.gap-legend').count()).toBe(0);
  });

  test('values are live', async () => {
    await drawnPixels();
    server.live.receive(database.id, measure({ ...database, cpu: 77 }, Date.now()));
    await page.locator('[data-chart="cpu"] .card-headline').filter({ hasText: '77%' }).waitFor();
    await page.locator('[data-chart="load"] .legend').filter({ hasText: '6,42' }).waitFor();
  });

  test('another range asks for wider windows', async () => {
    const asked = page.waitForRequest((request) => request.url().includes('step=300s'));
    await page.getByRole('button', { name: '24 giờ' }).click();
    expect((await asked).url()).toContain('from=-86400s');
    await page.waitForURL('**?range=24h');
    await expect.poll(async () => (await drawnPixels()).cpu).toBeGreaterThan(1_000);
  });

  test('a store that is away takes the charts, not the machine', async () => {
    watched.expectComplaints(/status of 503/);
    server.store.away = 'connection refused';
    await page.getByRole('button', { name: '6 giờ' }).click();
    await page.getByText('Kho số liệu tạm thời không trả lời').waitFor();
    expect(await page.locator('.machine-state').textContent()).toContain('Đang hoạt động');
  });

  test('a machine that is not there', async () => {
    watched.expectComplaints(/status of 404/);
    await page.goto('/machines/a-none');
    await page.getByText('Không có máy mang mã này').waitFor();
  });
});

describe('looks', () => {
  const looks = [
    ['vi-light', 'vi', { colorScheme: 'light' }],
    ['en-dark', 'en', { colorScheme: 'dark' }],
    ['vi-phone', 'vi', { colorScheme: 'light', viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 }],
    ['vi-phone-dark', 'vi', { colorScheme: 'dark', viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 }],
    ['en-small', 'en', { colorScheme: 'light', viewport: { width: 1024, height: 768 } }],
  ] as const;

  test.each(looks)('%s', async (name, language, options) => {
    await open(origin, options);
    await signIn();
    if (language === 'en') await page.getByRole('button', { name: 'English' }).click();
    await page.locator('[data-link="live"]').waitFor();
    await shoot(`machines-${name}`);
    await page.getByText(database.hostname).click();
    await drawnPixels();
    await shoot(`machine-${name}`);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
});
