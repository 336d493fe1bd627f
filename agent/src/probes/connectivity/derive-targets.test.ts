import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { DefaultRoutes } from '../../system/default-routes-linux.ts';
import { deriveTargets, isOwn } from './derive-targets.ts';
import * as linux from './derive-targets-linux.ts';
import * as windows from './derive-targets-windows.ts';

function sample(name: string): string {
  return readFileSync(join(import.meta.dirname, '../../../../tests/fixtures/connectivity/network', name), 'utf8');
}

describe('on Linux', () => {
  /** A machine with these files. */
  function factsOf(files: Readonly<Record<string, string>>) {
    const root = mkdtempSync(join(tmpdir(), 'vonggac-routes-'));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(root, path, '..'), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    try {
      return linux.readNetworkFacts(root, new DefaultRoutes(root));
    } finally {
      rmSync(root, { recursive: true });
    }
  }

  it('the router is that of the default route, of IPv6 where there is no other', () => {
    const six = { 'proc/net/ipv6_route': sample('ipv6_route.txt') };
    expect(factsOf({ 'proc/net/route': sample('route.txt'), ...six }).gateway).toBe('10.77.0.1');
    expect(factsOf({ 'proc/net/route': '', ...six }).gateway).toBe('2001:db8:77::1');
  });

  it('a link-local router has its interface as the zone', () => {
    const zeros = '0'.repeat(32);
    const route = `${zeros} 00 ${zeros} 00 fe800000000000000000000000000001 00000400 00000003 00000000 00000003     eth0`;
    expect(factsOf({ 'proc/net/route': '', 'proc/net/ipv6_route': route }).gateway).toBe('fe80::1%eth0');
  });

  it('a machine without a network has none', () => {
    expect(linux.readNetworkFacts('/nowhere', { read: () => [] })).toEqual({ gateway: undefined, resolvers: [] });
  });

  it('resolvers are those of resolv.conf', () => {
    const text =
      '# nameserver 1.1.1.1\nnameserver 127.0.0.53\nsearch x\n nameserver fe80::1%eth0 # router\nnameserver x\n';
    expect(linux.parseResolvConf(text)).toEqual(['127.0.0.53', 'fe80::1%eth0']);
  });
});

describe('on Windows', () => {
  it('the router is that of the active default route, whatever the language', () => {
    expect(windows.parseIpv4Gateway(sample('route-print-4.txt'))).toBe('10.77.0.1');
    expect(windows.parseIpv6Gateway(sample('route-print-6.txt'))).toBe('fe80::1%12');
    expect(windows.parseIpv4Gateway('')).toBeUndefined();
  });
});

test('every machine watches its router, its resolvers and the collector', () => {
  const targets = deriveTargets({
    gateway: '10.0.0.1',
    resolvers: ['10.0.0.53', '8.8.8.8', '1.1.1.1'],
    networks: ['10.0.0.7/24', 'fe80::7/64'],
    collector: ['giam-sat.example.vn:8443', '[2001:db8::1]:8443'],
    isGateway: false,
  });
  expect(targets.map(({ id, scope, address }) => [id, scope, address.kind, address.host, address.query?.name])).toEqual(
    [
      ['gateway', 'lan', 'icmp', '10.0.0.1', undefined],
      ['resolver-1', 'lan', 'dns', '10.0.0.53', 'giam-sat.example.vn'],
      ['resolver-2', 'wan', 'dns', '8.8.8.8', 'giam-sat.example.vn'],
      ['collector', 'wan', 'tcp', 'giam-sat.example.vn', undefined],
      ['collector-2', 'wan', 'tcp', '2001:db8::1', undefined],
    ],
  );
  expect(targets.map(({ isCalm }) => isCalm)).toEqual([true, true, true, false, false]);
});

test('a gateway is not calm about its router', () => {
  const [router] = deriveTargets({
    gateway: '10.0.0.1',
    resolvers: [],
    networks: [],
    collector: [],
    isGateway: true,
  });
  expect(router).toMatchObject({ id: 'gateway', every: 15 });
  expect(router?.isCalm).not.toBe(true);
});

test.each([
  ['10.0.0.200', true],
  ['10.0.1.1', false],
  ['fe80::9%eth0', true],
  ['2001:db8::1', false],
  ['name', false],
])('%s is in an own network: %s', (address, own) => {
  expect(isOwn(address, ['10.0.0.7/24', 'fe80::7/64'])).toBe(own);
});
