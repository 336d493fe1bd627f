/** The console with the province's own certificate, and signing in with its directory by OpenID Connect. */
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeCertificate } from '../../collector/src/trust/testing/certificate.ts';
import { freePort } from '../harness/free-port.ts';
import { client, OidcDirectory } from '../harness/oidc-directory.ts';
import { collectorProgram, Program, run, temporaryFolder, until } from '../harness/program.ts';
import { Visitor } from '../harness/visitor.ts';

const folder = temporaryFolder();
const files = { cert: join(folder.path, 'console.pem'), key: join(folder.path, 'console-key.pem') };
const config = join(folder.path, 'collector.yaml');
const data = join(folder.path, 'data');
const password = 'con mèo ngủ trên mái';
const directory = new OidcDirectory();
const collector = new Program(
  [collectorProgram, 'serve', '--config', config, '--agents-host', '127.0.0.1', '--agents-port', '0'],
  { VONGGAC_CONSOLE_OIDC_CLIENT_SECRET: client.client_secret },
);
let port: number;
let origin: string;
let trusted: string;

async function writeCertificate(
  options: Parameters<typeof makeCertificate>[0] = {},
): Promise<{ cert: string; key: string }> {
  const pair = await makeCertificate({ names: ['localhost', '127.0.0.1'], ...options });
  writeFileSync(files.cert, pair.cert);
  writeFileSync(files.key, pair.key, { mode: 0o600 });
  return pair;
}

/** A `vonggac` command with this collector's configuration. */
function command(args: readonly string[], flags: readonly string[] = ['--json']) {
  return run('collector', [...args, '--config', config, ...flags], {
    VONGGAC_CONSOLE_OIDC_CLIENT_SECRET: client.client_secret,
  });
}

function runtime(): { consoleUrl: string; consoleFingerprint: string; pid: number } | undefined {
  try {
    return JSON.parse(readFileSync(join(data, 'runtime.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

/** The certificate that the console shows now. */
async function shake(
  options: ConnectionOptions = {},
): Promise<{ protocol: string | null; fingerprint: string | undefined }> {
  return await new Promise((resolve, reject) => {
    const socket: TLSSocket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options }, () => {
      const found = { protocol: socket.getProtocol(), fingerprint: socket.getPeerX509Certificate()?.fingerprint256 };
      socket.destroy();
      resolve(found);
    }).once('error', reject);
  });
}

function visitor(): Visitor {
  return new Visitor({ ca: trusted });
}

beforeAll(async () => {
  port = await freePort();
  origin = `https://localhost:${port}`;
  trusted = (await writeCertificate()).cert;
  await directory.start(`${origin}/api/v1/sign-in/oidc/callback`);
  const oidc = {
    issuer: directory.issuer,
    client_id: client.client_id,
    name: 'Tài khoản tỉnh',
    roles: [
      { group: 'it', role: 'admin' },
      { group: 'operators', role: 'operator' },
      { group: 'communes', role: 'unit-admin' },
    ],
  };
  const settings = { host: '0.0.0.0', port, tls: files, hosts: ['giamsat.example'], public_url: origin, oidc };
  // JSON is YAML.
  writeFileSync(config, JSON.stringify({ data, console: settings }));
  const made = command(['units', 'add', 'DH', '--name', 'Đồng Hới']);
  expect(made.stderr).toBe('');
  collector.start();
  await until('the collector to listen', () => {
    if (!collector.running) throw new Error(collector.output);
    return runtime()?.pid === collector.pid;
  });
});

afterAll(async () => {
  await collector.stop();
  await directory.stop();
  folder.remove();
});

describe('TLS', () => {
  test('the console is encrypted, and says that it stays so', async () => {
    expect(runtime()?.consoleUrl).toBe(`https://127.0.0.1:${port}`);
    const named = { headers: { host: `giamsat.example:${port}` } };
    const answer = await visitor().visit(`${origin}/healthz`, named);
    expect([answer.status, answer.headers['strict-transport-security']]).toEqual([200, 'max-age=31536000']);
    expect((await visitor().visit(`${origin}/healthz`)).headers).not.toHaveProperty('strict-transport-security');
    const foreign = { headers: { host: `evil.example:${port}` } };
    expect((await visitor().visit(`${origin}/healthz`, foreign)).status).toBe(421);
  });

  test('TLS 1.2 and 1.3 are spoken, older ones are not', async () => {
    const versions = ['TLSv1.2', 'TLSv1.3'] as const;
    for (const version of versions) {
      expect((await shake({ minVersion: version, maxVersion: version })).protocol).toBe(version);
    }
    await expect(shake({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' })).rejects.toThrow(
      /alert/,
    );
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
  });

  test('commands on this machine find their way, whatever name the certificate is for', () => {
    const result = command(['query', 'cpu.usage_percent', '--since', '1m']);
    expect(result).toMatchObject({ code: 0, stderr: '' });
  });

  test('one-time codes work from this machine, and only by its own name', async () => {
    const browser = visitor();
    const body = { code: 'x'.repeat(43) };
    const sent = { method: 'POST', body };
    expect(JSON.parse((await browser.visit(`${origin}/api/v1/sign-in`, sent)).body).detail).toContain(
      'wrong, used or expired',
    );
    const named = { ...sent, headers: { host: `giamsat.example:${port}` } };
    expect(JSON.parse((await browser.visit(`${origin}/api/v1/sign-in`, named)).body).detail).toContain(
      'own machine only',
    );
  });

  test('a renewed certificate is shown without a restart; a broken one changes nothing and is logged', async () => {
    const before = (await shake()).fingerprint;
    writeFileSync(files.cert, 'broken');
    await until('the log to tell', () => collector.output.includes('new certificate cannot be used'));
    expect((await shake()).fingerprint).toBe(before);
    const after = await writeCertificate();
    const { fingerprint256 } = new X509Certificate(after.cert);
    await until('the new certificate', async () => (await shake()).fingerprint === fingerprint256);
    trusted = after.cert;
    await until('the runtime file', () => runtime()?.consoleFingerprint === fingerprint256);
    expect(command(['query', 'cpu.usage_percent', '--since', '1m'])).toMatchObject({ code: 0 });
  });

  test('check-config looks at the files', async () => {
    const good = command(['check-config'], []);
    expect([good.code, good.stdout]).toEqual([0, expect.stringContaining('the configuration is valid')]);
    expect(good.stdout).not.toContain(client.client_secret);
    const other = join(folder.path, 'other.yaml');
    const check = (tls: object) => {
      writeFileSync(other, JSON.stringify({ data, console: { tls } }));
      return run('collector', ['check-config', '--config', other]);
    };
    expect(check({ ...files, key: files.cert })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('holds no private key'),
    });
    expect(check({ ...files, key: '/none' })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cannot read /none'),
    });
    const old = await makeCertificate({ from: 0, until: Date.now() - 1_000 });
    const [cert, key] = [join(folder.path, 'old.pem'), join(folder.path, 'old-key.pem')];
    writeFileSync(cert, old.cert);
    writeFileSync(key, old.key, { mode: 0o644 });
    const { code, stderr } = check({ cert, key });
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/warning: .*expired at[\s\S]*warning: .*open to every user/),
    ]);
  });
});

describe('OpenID Connect', () => {
  const begin = () => `${origin}/api/v1/sign-in/oidc`;
  const isBack = (url: string) => url.startsWith(`${begin()}/callback`);

  async function signIn(subject: string | undefined, browser = visitor()) {
    directory.visitor = subject;
    const page = await browser.follow(begin(), (url) => url === `${origin}/` || url.includes('/sign-in#'));
    const me = await browser.visit(`${origin}/api/v1/me`);
    return { browser, page: page.url.slice(origin.length), me: JSON.parse(me.body) };
  }

  beforeAll(() => {
    Object.assign(directory.accounts, {
      's-1': { preferred_username: 'Lan.Nguyen', groups: ['staff', 'operators'] },
      's-2': { preferred_username: 'dh', groups: ['communes'], unit: 'DH' },
      's-3': { preferred_username: 'xa', groups: ['communes'], unit: 'NONE' },
      's-4': { preferred_username: 'khach', groups: ['staff'] },
    });
  });

  test('the sign-in page learns of it', async () => {
    const methods = await visitor().visit(`${origin}/api/v1/sign-in/methods`);
    expect(JSON.parse(methods.body)).toEqual({ password: true, oidc: { label: 'Tài khoản tỉnh', url: begin() } });
  });

  test('someone of a group with a role gets in, has no password here, and is recorded', async () => {
    const { browser, page, me } = await signIn('s-1');
    expect(page).toBe('/');
    expect(me).toMatchObject({ kind: 'person', name: 'oidc:lan.nguyen', role: 'operator', source: 'oidc' });
    expect([...browser.cookies.keys()]).toContain(`${origin} __Host-vonggac`);
    expect([...browser.cookies.keys()]).not.toContain(`${origin} __Host-vonggac-oidc`);
    const body = { current: 'x', new: password };
    const refused = await browser.visit(`${origin}/api/v1/me/password`, { method: 'POST', body });
    expect(JSON.parse(refused.body).type).toContain('no-local-account');
    const { items } = JSON.parse(command(['audit']).stdout);
    expect(items).toContainEqual(expect.objectContaining({ action: 'sign-in.accept', actor: 'oidc:lan.nguyen' }));
  });

  test('a unit-admin is one of the unit that the directory names', async () => {
    expect((await signIn('s-2')).me).toMatchObject({ role: 'unit-admin', unit: 'DH' });
    expect((await signIn('s-3')).page).toBe('/sign-in#problem=oidc-no-unit');
  });

  test('without a role nobody gets in, and who lost theirs is out everywhere', async () => {
    expect(await signIn('s-4')).toMatchObject({ page: '/sign-in#problem=oidc-no-role', me: { status: 401 } });
    const { browser } = await signIn('s-1');
    directory.accounts['s-1'] = { groups: [] };
    expect((await signIn('s-1')).page).toBe('/sign-in#problem=oidc-no-role');
    expect((await browser.visit(`${origin}/api/v1/me`)).status).toBe(401);
    directory.accounts['s-1'] = { groups: ['operators'] };
  });

  test('who is disabled here stays out, whatever the directory says', async () => {
    expect(command(['users', 'disable', 'oidc:lan.nguyen']).code).toBe(0);
    expect((await signIn('s-1')).page).toBe('/sign-in#problem=oidc-disabled');
    expect(command(['users', 'enable', 'oidc:lan.nguyen']).code).toBe(0);
    expect(command(['users', 'set-role', 'oidc:lan.nguyen', '--role', 'admin']).stderr).toContain(
      'managed by the OpenID Connect',
    );
    expect((await signIn('s-1')).me).toMatchObject({ role: 'operator' });
  });

  test('who cancels is back at the sign-in page', async () => {
    expect((await signIn(undefined)).page).toBe('/sign-in#problem=oidc-denied');
  });

  test.each([
    ['state', 0],
    ['nonce', 1],
    ['verifier', 2],
  ])('another %s than the one that the browser was sent with is refused', async (_, place) => {
    const browser = visitor();
    directory.visitor = 's-1';
    const { url } = await browser.follow(begin(), isBack);
    const key = `${origin} __Host-vonggac-oidc`;
    const parts = String(browser.cookies.get(key)).split('.');
    parts[place] = 'x'.repeat(43);
    browser.cookies.set(key, parts.join('.'));
    expect((await browser.visit(url)).headers.location).toBe('/sign-in#problem=oidc-failed');
    expect((await browser.visit(`${origin}/api/v1/me`)).status).toBe(401);
  });

  test('an answer of the provider is of use once, and to the browser that asked', async () => {
    const browser = visitor();
    directory.visitor = 's-1';
    const { url } = await browser.follow(begin(), isBack);
    const errand = [...browser.cookies];
    expect((await visitor().visit(url)).headers.location).toBe('/sign-in#problem=oidc-failed');
    expect((await browser.visit(url)).headers.location).toBe('/');
    const again = visitor();
    for (const [key, value] of errand) again.cookies.set(key, value);
    expect((await again.visit(url)).headers.location).toBe('/sign-in#problem=oidc-failed');
  });

  test('when the provider is away the sign-in page says so, and passwords go on working', async () => {
    const browser = visitor();
    directory.visitor = 's-1';
    const { url } = await browser.follow(begin(), isBack);
    await directory.stop();
    expect((await browser.visit(url)).headers.location).toBe('/sign-in#problem=oidc-unreachable');
    expect(collector.output).toContain('the provider did not sign anyone in');
    expect(collector.output).not.toContain(client.client_secret);

    const tokens = JSON.parse(command(['tokens', 'create', '--name', 'test', '--role', 'admin']).stdout);
    const body = { name: 'an', role: 'admin', password };
    const headers = { authorization: `Bearer ${tokens.token}` };
    expect((await visitor().visit(`${origin}/api/v1/people`, { method: 'POST', body, headers })).status).toBe(201);
    const signedIn = await browser.visit(`${origin}/api/v1/sign-in`, {
      method: 'POST',
      body: { name: 'an', password },
    });
    expect(JSON.parse(signedIn.body)).toMatchObject({ name: 'an', source: 'local', must_change_password: true });
    expect(String(signedIn.headers['set-cookie'])).toMatch(
      /__Host-vonggac=.*Path=\/; HttpOnly; Secure; SameSite=Strict/,
    );
  });
});
