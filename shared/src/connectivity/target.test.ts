import { describe, expect, test } from 'vitest';
import { ipVersion, isUnicastAddress } from './ip-address.ts';
import { InvalidTarget, isRemoteTarget, PushedTarget, parseTarget } from './target.ts';

test.each([
  ['icmp://10.0.0.1', { kind: 'icmp', host: '10.0.0.1', port: 0 }],
  ['icmp://[2001:db8::1]', { kind: 'icmp', host: '2001:db8::1', port: 0 }],
  ['tcp://may-chu.quangbinh.gov.vn:443', { kind: 'tcp', host: 'may-chu.quangbinh.gov.vn', port: 443 }],
  ['tls://[::1]:8443', { kind: 'tls', host: '::1', port: 8443 }],
  ['ntp://10.0.0.1', { kind: 'ntp', host: '10.0.0.1', port: 123 }],
  ['https://Portal.Example/a?b=1', { kind: 'https', host: 'portal.example', port: 443, path: '/a?b=1' }],
  [
    'dns://10.0.0.53/example.vn?type=mx&expect=mail.example.vn',
    { kind: 'dns', host: '10.0.0.53', port: 53, query: { name: 'example.vn', type: 'MX', expect: 'mail.example.vn' } },
  ],
])('%s', (text, address) => {
  expect(parseTarget(text)).toEqual(address);
});

test.each([
  ['', 'is not a target'],
  ['10.0.0.1:443', 'is not a target'],
  ['ftp://10.0.0.1', 'begins with icmp://'],
  ['exec:///bin/sh', 'begins with icmp://'],
  ['tcp://10.0.0.1', 'the port is missing'],
  ['tcp://10.0.0.1:0', 'the port is missing'],
  ['tcp://10.0.0.1:99999', 'is not a target'],
  ['icmp://10.0.0.1:7', 'icmp has no port'],
  ['icmp://127.1', 'is not a host name'],
  ['icmp://2130706433', 'is not a host name'],
  ['icmp://-f', 'is not a host name'],
  ['icmp://a;reboot', 'is not a host name'],
  ['tcp://10.0.0.1:1/path', 'nothing may follow'],
  ['https://user:secret@10.0.0.1/', 'a target has no password'],
  ['dns://10.0.0.1', 'write the name to ask for'],
  ['dns://10.0.0.1/a.vn?type=ANY', 'type is one of'],
  ['dns://10.0.0.1/%zz', 'write the name to ask for'],
  [`icmp://${'a'.repeat(600)}`, 'at most 512'],
])('refuses %s', (text, message) => {
  expect(() => parseTarget(text)).toThrow(InvalidTarget);
  expect(() => parseTarget(text)).toThrow(message);
});

describe('what a collector may not name', () => {
  test.each([
    'icmp://127.0.0.1',
    'tcp://0.0.0.0:80',
    'http://169.254.169.254/latest/meta-data',
    'icmp://224.0.0.1',
    'icmp://255.255.255.255',
    'tcp://[::1]:80',
    'tcp://[::]:80',
    'tcp://[fe80::1]:80',
    'tcp://[ff02::1]:80',
    'tcp://[::ffff:127.0.0.1]:80',
    'tcp://[64:ff9b::7f00:1]:80',
    'tcp://localhost:80',
    'tcp://a.localhost:80',
    'https://127.0.0.1/',
    'https://2130706433/',
  ])('%s', (url) => {
    expect(isRemoteTarget(url)).toBe(false);
    expect(PushedTarget.safeParse({ id: 'x', url, scope: 'wan', every: 15 }).success).toBe(false);
  });

  test.each(['icmp://10.0.0.1', 'tcp://[2001:db8::1]:80', 'https://cong.quangbinh.gov.vn/'])('but %s', (url) => {
    expect(isRemoteTarget(url)).toBe(true);
  });
});

test.each([
  ['1.2.3.4', 4],
  ['01.2.3.4', 0],
  ['1.2.3.256', 0],
  ['1.2.3', 0],
  ['::', 6],
  ['1::8', 6],
  ['1:2:3:4:5:6:7:8', 6],
  ['1:2:3:4:5:6:7:8:9', 0],
  ['1::2::3', 0],
  ['::ffff:1.2.3.4', 6],
  ['fe80::1%eth0', 0],
  ['12345::', 0],
  ['text', 0],
])('version of %s', (text, version) => {
  expect(ipVersion(text)).toBe(version);
});

test('ordinary addresses are places', () => {
  for (const text of ['10.0.0.1', '192.168.1.1', '8.8.8.8', '2001:db8::1', 'fd00::1']) {
    expect(isUnicastAddress(text), text).toBe(true);
  }
});
