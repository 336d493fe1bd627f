import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ConfigError, loadConfig } from '../config.ts';
import { isQuietAt } from './quiet.ts';
import { readSecretFile } from './secret-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-notify-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const email = { kind: 'email', host: 'mail.example', from: 'a@tinh.example', to: ['b@tinh.example'] };
const webhook = { kind: 'webhook', url: 'https://bao.example/x' };

/** The channel as it is read. */
function load(channel: object, environment: Record<string, string> = {}) {
  const file = join(folder, 'c.yaml');
  writeFileSync(file, JSON.stringify({ notify: { channels: { 'truc-ban': channel } } }, null, 1));
  return loadConfig({ file, environment, flags: {} }).notify.channels['truc-ban'];
}

test('a channel needs little', () => {
  expect(load(email)).toMatchObject({ port: 587, security: 'starttls', language: 'vi', routes: [{ level: 1 }] });
  expect(load(webhook)).toMatchObject({ gather_seconds: 30, messages_per_minute: 10, digest_from: 5 });
});

test.each([
  [{ ...email, to: ['b@tinh.example\r\nBcc: c@x.example'] }, 'to.0: expected name@host'],
  [{ ...email, from: 'Vọng Gác <a@tinh.example>' }, 'from: expected name@host'],
  [{ ...email, host: 'mail.example\r\nQUIT' }, 'host: expected a name or an address'],
  [{ ...email, user: 'a' }, 'user and password go together'],
  [{ ...email, password: 'x' }, 'user and password go together'],
  [{ ...email, user: 'a', password: 'x', password_file: 'y' }, 'there is a password already'],
  [{ ...email, user: 'a', password: 'x', security: 'none' }, 'a password does not travel in the clear'],
  [{ ...webhook, url: 'http://bao.example/x' }, 'expected https, or plain_http: true'],
  [{ ...webhook, url: 'https://a:b@bao.example/x' }, 'expected no name or password in it'],
  [{ ...webhook, url: 'file:///etc/passwd' }, 'url'],
  [{ ...webhook, routes: [] }, 'routes'],
  [{ ...webhook, routes: [{ level: 9 }] }, 'routes.0.level'],
  [{ ...webhook, routes: [{ kinds: ['khong-co'] }] }, 'routes.0.kinds.0'],
  [{ ...webhook, quiet: { from: '7:00', to: '09:00' } }, "expected a time as in '22:00'"],
  [{ ...webhook, quiet: { from: '07:00', to: '07:00' } }, 'expected another time than from'],
  [{ ...webhook, khac: 1 }, 'unknown key'],
])('%o is refused', (channel, said) => {
  expect(() => load(channel)).toThrow(ConfigError);
  expect(() => load(channel)).toThrow(said);
});

test('what is refused is not repeated when it is a secret', () => {
  const secret = 'rất bí mật'.repeat(500);
  expect(() => load({ ...webhook, secret })).toThrow(
    expect.not.objectContaining({ message: expect.stringContaining('bí mật') }),
  );
});

test('a secret may come from the environment, for a channel that is there', () => {
  expect(load(webhook, { VONGGAC_NOTIFY_TRUC_BAN_SECRET: 's' })).toMatchObject({ secret: 's' });
  expect(load({ ...email, user: 'a' }, { VONGGAC_NOTIFY_TRUC_BAN_PASSWORD: 'p' })).toMatchObject({ password: 'p' });
  expect(() => load(webhook, { VONGGAC_NOTIFY_KHAC_SECRET: 's' })).toThrow(
    'VONGGAC_NOTIFY_KHAC_SECRET: unknown variable',
  );
  expect(() => load(email, { VONGGAC_NOTIFY_TRUC_BAN_SECRET: 's' })).toThrow('unknown key');
});

test('steps of escalation rise', () => {
  const file = join(folder, 'c.yaml');
  writeFileSync(file, 'incidents: { escalate_minutes: { critical: [60, 15] } }');
  expect(() => loadConfig({ file, environment: {}, flags: {} })).toThrow('expected rising minutes');
});

test('a file with a secret is for nobody else', () => {
  const file = join(folder, 'secret');
  writeFileSync(file, 'khóa\nkhông phải khóa\n', { mode: 0o600 });
  expect(readSecretFile(file)).toBe('khóa');
  chmodSync(file, 0o640);
  expect(() => readSecretFile(file)).toThrow('can be read by others (mode 640): chmod 600 it');
  chmodSync(file, 0o600);
  writeFileSync(file, '\n');
  expect(() => readSecretFile(file)).toThrow('is empty');
  writeFileSync(file, 'x'.repeat(5_000));
  expect(() => readSecretFile(file)).toThrow('has 5000 bytes');
  expect(() => readSecretFile(join(folder, 'khong-co'))).toThrow('ENOENT');
});

test('quiet hours may go over midnight', () => {
  const night = { from: '22:30', to: '06:00' };
  expect([1_349, 1_350, 0, 359, 360].map((minute) => isQuietAt(night, minute))).toEqual([
    false,
    true,
    true,
    true,
    false,
  ]);
  const noon = { from: '11:30', to: '13:00' };
  expect([689, 690, 779, 780].map((minute) => isQuietAt(noon, minute))).toEqual([false, true, true, false]);
});
