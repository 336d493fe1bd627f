import { expect, test } from 'vitest';
import { ConsoleSettings, consoleHosts, reachableHost } from './console-settings.ts';

const tls = { cert: 'a.pem', key: 'a-key.pem' };
const oidc = { issuer: 'https://id.example', client_id: 'vonggac', roles: [{ group: 'it', role: 'admin' }] };
const public_url = 'https://giamsat.example';

function problemsOf(value: unknown): string[] {
  const { error } = ConsoleSettings.safeParse(value);
  return error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
}

test.each([
  [{}],
  [{ host: '::1' }],
  [{ host: '0.0.0.0', tls }],
  [{ tls, public_url, hosts: ['giamsat', '10.1.2.3', '[fd00::1]'] }],
  [{ tls, public_url: 'https://giamsat.example:8443', oidc }],
  [{ public_url: 'http://127.0.0.1:8080', oidc: { ...oidc, issuer: 'http://localhost:9000/realms/x' } }],
])('%j is fine', (value) => {
  expect(problemsOf(value)).toEqual([]);
});

test.each([
  [{ host: '0.0.0.0' }, 'host: 0.0.0.0 is not a loopback address: give tls'],
  [{ host: '192.168.1.5' }, 'host: 192.168.1.5 is not'],
  [{ tls: { cert: 'a.pem' } }, 'tls.key: '],
  [{ hosts: ['giamsat.example:8080'] }, 'hosts.0: expected a name'],
  [{ hosts: ['https://giamsat.example'] }, 'hosts.0: expected a name'],
  [{ public_url }, 'public_url: https:// needs tls'],
  [{ public_url: 'http://localhost', tls }, 'public_url: expected https://'],
  [{ public_url: 'http://giamsat.example' }, 'public_url: expected https://name'],
  [{ public_url: 'https://giamsat.example/console', tls }, 'public_url: expected https://name'],
  [{ public_url: 'https://user:pw@giamsat.example', tls }, 'public_url: expected https://name'],
  [{ oidc }, 'public_url: is needed for oidc'],
  [{ tls, public_url, oidc: { ...oidc, issuer: 'http://id.example' } }, 'oidc.issuer: expected an https address'],
  [{ tls, public_url, oidc: { ...oidc, roles: [] } }, 'oidc.roles: '],
  [{ tls, public_url, oidc: { ...oidc, roles: [{ group: 'it', role: 'root' }] } }, 'oidc.roles.0.role: '],
  [{ tls, public_url, oidc: { ...oidc, scopes: ['profile'] } }, 'oidc.scopes: expected openid'],
  [{ tls, public_url, oidc: { ...oidc, scopes: ['openid', 'a b'] } }, 'oidc.scopes.1: expected a scope'],
])('%j is refused', (value, problem) => {
  expect(problemsOf(value)).toEqual([expect.stringContaining(problem)]);
});

test.each([
  [{}, ['127.0.0.1']],
  [{ tls, host: '0.0.0.0' }, 'any'],
  [{ tls, host: '::', hosts: ['a.example'], public_url }, ['a.example', 'giamsat.example', '[::]']],
])('%j answers to %j', (value, names) => {
  expect(consoleHosts(ConsoleSettings.parse(value))).toEqual(names);
});

test.each([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '[::1]'],
  ['::1', '[::1]'],
  ['localhost', 'localhost'],
])('what listens on %s is reached here at %s', (host, reached) => {
  expect(reachableHost(host)).toBe(reached);
});
