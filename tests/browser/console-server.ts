/** The console as it is served to a browser, with people of every role, for the tests of its pages. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { build } from 'vite';
import { createTestServer, type TestServer } from '../../collector/src/http/testing/test-server.ts';
import { hashPassword } from '../../collector/src/registry/people-passwords.ts';
import { launchBrowser } from '../harness/browser.ts';
import { createFleet } from './fleet.ts';
import { openPage, type WatchedPage } from './watched-page.ts';

export const password = 'con mèo ngủ trên mái';

/** Sign-in names, each with the role of its key; the unit-admin has Đồng Hới. */
export const people = {
  admin: 'quantri',
  operator: 'lan',
  security: 'an-ninh',
  viewer: 'khach',
  'unit-admin': 'donghoi',
} as const;

/** A built console and a browser; `stop` ends all of it. */
export class ConsoleBench {
  readonly #folder = mkdtempSync(join(tmpdir(), 'vonggac-console-'));
  readonly #screenshots = process.env.SCREENSHOTS ?? join(this.#folder, 'screenshots');
  readonly #clock = { behindMs: 0 };
  #browser: Browser | undefined;
  #passwordHash = '';

  async start(): Promise<void> {
    mkdirSync(this.#screenshots, { recursive: true });
    await build({
      configFile: join(import.meta.dirname, '../../collector/console/vite.config.ts'),
      logLevel: 'error',
      build: { outDir: join(this.#folder, 'console') },
    });
    this.#passwordHash = await hashPassword(password);
    this.#browser = await launchBrowser();
  }

  async stop(): Promise<void> {
    await this.#browser?.close();
    rmSync(this.#folder, { recursive: true });
  }

  /** A server with the small province of the other tests. */
  async serve(): Promise<TestServer> {
    const server = createTestServer({
      consoleFolder: join(this.#folder, 'console'),
      now: () => Date.now() - this.#clock.behindMs,
    });
    await server.app.listen({ host: '127.0.0.1', port: 0 });
    await createFleet(server, this.#clock);
    for (const role of ['admin', 'operator', 'security', 'viewer', 'unit-admin'] as const) {
      const unit = role === 'unit-admin' ? 'QB-DH' : undefined;
      server.people.add({ name: people[role], role, unit, passwordHash: this.#passwordHash }, Date.now());
    }
    return server;
  }

  /** A fresh browser profile, signed in as `name`. */
  async signIn(
    server: TestServer,
    name: string,
    options: BrowserContextOptions & { readonly secret?: string } = {},
  ): Promise<WatchedPage> {
    if (!this.#browser) throw new Error('the bench has not been started');
    const { secret = password, ...context } = options;
    const { port } = server.app.server.address() as AddressInfo;
    const watched = await openPage(this.#browser, `http://127.0.0.1:${port}`, context);
    await watched.page.goto('/sign-in');
    await watched.page.getByLabel('Tên đăng nhập').fill(name);
    await watched.page.getByLabel('Mật khẩu').fill(secret);
    await watched.page.getByRole('button', { name: 'Đăng nhập' }).click();
    await watched.page.locator('.header .person').waitFor();
    return watched;
  }

  async shoot({ page }: Pick<WatchedPage, 'page'>, name: string): Promise<void> {
    await page.screenshot({ path: join(this.#screenshots, `${name}.png`), fullPage: true });
  }
}
