import type { NetworkInterfaceInfo } from 'node:os';
import { EnrolmentRequest } from '@vonggac/shared';
import { expect, test } from 'vitest';
import { addressesOf, describeMachine, parseOsRelease } from './describe-machine.ts';

function card(address: string, internal = false): NetworkInterfaceInfo {
  return { address, internal, family: 'IPv4', netmask: '', mac: '', cidr: null };
}

test.each([
  ['NAME="Debian"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n', 'Debian GNU/Linux 12 (bookworm)'],
  ["PRETTY_NAME='Ubuntu 24.04.2 LTS'\r\n", 'Ubuntu 24.04.2 LTS'],
  ['PRETTY_NAME=Alpine', 'Alpine'],
  ['PRETTY_NAME=""', undefined],
  ['NAME=x', undefined],
  ['', undefined],
])('reads the name of the system from %j', (text, expected) => {
  expect(parseOsRelease(text)).toBe(expected);
});

test('tells addresses that others know the machine by, and not too many', () => {
  const interfaces = {
    lo: [card('127.0.0.1', true)],
    eth0: [card('10.0.0.2'), card('fe80::1'), card('169.254.1.1'), card('2001:db8::2')],
    many: Array.from({ length: 20 }, (_, i) => card(`10.1.0.${i}`)),
    none: undefined,
  };
  const addresses = addressesOf(interfaces);
  expect(addresses.slice(0, 3)).toEqual(['10.0.0.2', '2001:db8::2', '10.1.0.0']);
  expect(addresses).toHaveLength(8);
});

test('what it says of this machine can be sent', () => {
  const request = { lookup: 'a', proof: 'a', publicKey: 'a', ...describeMachine() };
  expect(EnrolmentRequest.parse(request)).toEqual(request);
});
