import { describe, expect, it } from 'vitest';
import { CounterRates } from './counter-rates.ts';

function rows(entries: Readonly<Record<string, readonly number[]>>) {
  return new Map(Object.entries(entries));
}

describe('CounterRates', () => {
  it('gives nothing at the first reading', () => {
    expect(new CounterRates().next(rows({ sda: [1, 2] }), 0)).toEqual(new Map());
  });

  it('gives growth per second', () => {
    const rates = new CounterRates();
    rates.next(rows({ sda: [100, 5], sdb: [0, 0] }), 1_000);
    expect(rates.next(rows({ sda: [300, 5], sdb: [1, 0] }), 11_000)).toEqual(rows({ sda: [20, 0], sdb: [0.1, 0] }));
  });

  it('leaves out a row with a counter that went backwards, and goes on from there', () => {
    const rates = new CounterRates();
    rates.next(rows({ eth0: [4_294_967_000, 10], eth1: [1, 1] }), 0);
    expect(rates.next(rows({ eth0: [500, 20], eth1: [2, 2] }), 1_000)).toEqual(rows({ eth1: [1, 1] }));
    expect(rates.next(rows({ eth0: [600, 21], eth1: [2, 2] }), 2_000)).toEqual(rows({ eth0: [100, 1], eth1: [0, 0] }));
  });

  it('leaves out a row that is new and forgets one that is gone', () => {
    const rates = new CounterRates();
    rates.next(rows({ eth0: [1] }), 0);
    expect(rates.next(rows({ usb0: [1_000] }), 1_000)).toEqual(new Map());
    expect(rates.next(rows({ eth0: [900], usb0: [1_000] }), 2_000)).toEqual(rows({ usb0: [0] }));
  });

  it('leaves out a row that got more columns', () => {
    const rates = new CounterRates();
    rates.next(rows({ eth0: [1] }), 0);
    expect(rates.next(rows({ eth0: [1, 2] }), 1_000)).toEqual(new Map());
  });
});
