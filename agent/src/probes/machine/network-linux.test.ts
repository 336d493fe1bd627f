import { describe, expect, it } from 'vitest';
import { fixture } from '../../../../tests/golden/fixture-machine.ts';
import { parseNetDev, parseOperstate } from './network-linux.ts';

const header = fixture('first/proc/net/dev').split('\n').slice(0, 2).join('\n');
const counters = '100 1 2 3 0 0 0 0 200 4 5 6 0 0 0 0';
const row = [100, 200, 1, 4, 7, 9];

describe('parseNetDev', () => {
  it('reads a captured file, without loopback and ifb', () => {
    expect(parseNetDev(fixture('first/proc/net/dev'))).toEqual(
      new Map([['eth0', [445_767_870, 1_060_226, 12_641, 8_296, 0, 0]]]),
    );
  });

  it.each([
    ...['eth0', 'enp3s0f1np1', 'wlp2s0', 'bond0', 'br0', 'br-lan', 'eth0.20', 'tun0', 'tap0', 'wg0', 'ppp0'],
    ...['wwan0', 'usb0', 'vmbr0', 'team0'],
  ])('takes %s', (name) => {
    expect(parseNetDev(`${header}\n${name}: ${counters}\n`)).toEqual(new Map([[name, row]]));
  });

  it.each([
    ...[
      'lo',
      'veth1a2b3c4',
      'docker0',
      'docker_gwbridge',
      'podman1',
      'br-0123456789ab',
      'cali123',
      'cni0',
      'flannel.1',
      'lxcbr0',
      'lxdbr0',
    ],
    ...['virbr0', 'virbr0-nic', 'vnet12', 'tap100i0', 'fwpr100p0', 'dummy0', 'ifb1', 'sit0', 'tunl0', 'gre0'],
  ])('leaves out %s', (name) => {
    expect(parseNetDev(`${header}\n${name}: ${counters}\n`)).toEqual(new Map());
  });

  it('takes a name with a colon and a line without a blank after it', () => {
    const text = `${header}\n eth0:1: ${counters}\n  eth1:${counters}\n`;
    expect([...parseNetDev(text).keys()]).toEqual(['eth0:1', 'eth1']);
  });

  it('finds only loopback in a closed container', () => {
    expect(parseNetDev(`${header}\n    lo: ${counters}\n`)).toEqual(new Map());
  });

  it.each(['', 'garbage', `${header}\n eth0: 1 2 3\n`, `${header}\n eth0: ${counters.replace('200', 'x')}\n`])(
    'throws at %j',
    (text) => {
      expect(() => parseNetDev(text)).toThrow('cannot parse /proc/net/dev');
    },
  );
});

describe('parseOperstate', () => {
  it.each([
    ['up\n', true],
    ['unknown\n', true],
    ['down\n', false],
    ['lowerlayerdown\n', false],
    ['dormant\n', false],
    ['notpresent\n', false],
  ])('takes %j for %s', (text, up) => {
    expect(parseOperstate(text)).toBe(up);
  });
});
