import { describe, expect, it } from 'vitest';
import { fixture } from '../../../../tests/golden/fixture-machine.ts';
import { parseDiskstats } from './disk-io-linux.ts';

function line(name: string, counters = '10 0 80 0 20 0 160 0 0 1500 0'): string {
  return ` 259       0 ${name} ${counters}`;
}

describe('parseDiskstats', () => {
  it('reads a captured file', () => {
    expect(parseDiskstats(fixture('first/proc/diskstats'))).toEqual(
      new Map([['vda', [5_523_714 * 512, 97_321_312 * 512, 38_054, 3_808_342, 49_012]]]),
    );
  });

  it.each(['sda', 'sdaa', 'vdb', 'xvda', 'hda', 'nvme0n1', 'nvme10n2', 'mmcblk0'])('takes the disk %s', (name) => {
    expect(parseDiskstats(`${line(name)}\n`)).toEqual(new Map([[name, [80 * 512, 160 * 512, 10, 20, 1500]]]));
  });

  it.each([
    ...['sda1', 'vdb12', 'nvme0n1p3', 'nvme0c0n1', 'mmcblk0p1', 'mmcblk0boot0'],
    ...['loop0', 'ram1', 'zram0', 'sr0', 'fd0', 'dm-0', 'md127', 'nbd3', 'drbd0'],
  ])('leaves out %s', (name) => {
    expect(parseDiskstats(`${line(name)}\n`)).toEqual(new Map());
  });

  it('takes the columns of newer kernels and the eleven of older ones', () => {
    const text = `${line('sda', '10 0 80 0 20 0 160 0 0 1500 0 7 7 7 7')}\n${line('sdb')}\n`;
    expect([...parseDiskstats(text).keys()]).toEqual(['sda', 'sdb']);
  });

  it('finds no disk in a container', () => {
    expect(parseDiskstats('')).toEqual(new Map());
  });

  it.each(['garbage', line('sda', '1 2 3'), line('sda', '1 2 3 4 5 6 7 x 9 10 11')])('throws at %j', (text) => {
    expect(() => parseDiskstats(text)).toThrow('cannot parse /proc/diskstats');
  });
});
