import { describe, expect, test } from 'vitest';
import { type Device, DeviceRegister, maxDevices, type RegisterState, type Sighting } from './device-register.ts';

const lan = '192.168.1.0/24';
const start = 1_800_000_000;
const presentForMs = 75 * 60_000;
const all = { events: 1_000, routine: 1_000 };

function sighting(mac: string, address: string, more: Partial<Sighting> = {}): Sighting {
  return { mac, address, network: lan, confirmed: true, ...more };
}

/** A register whose clock goes by minutes. */
function registerOf(state: RegisterState = { networks: [], devices: [] }) {
  const register = new DeviceRegister(state, { nowMs: 0 });
  return {
    register,
    look: (minute: number, sightings: readonly Sighting[]) => {
      const time = start + minute * 60;
      register.look(sightings, { time, nowMs: minute * 60_000, presentForMs });
      const { events, routine } = register.take(time, all);
      return { events: events.map(copy), routine: routine.map(copy) };
    },
  };
}

function copy(device: Device): Device {
  return { ...device };
}

function looked(): RegisterState {
  return { networks: [{ name: lan, began: start - 86_400, complete: true }], devices: [] };
}

const printer = sighting('00:16:3e:00:00:01', '192.168.1.20');

describe('first seen', () => {
  test('is when the first look at the network began for all it finds, which is no event', () => {
    const { register, look } = registerOf();
    register.network(lan, start);
    expect(look(0, [printer])).toMatchObject({ events: [], routine: [{ mac: printer.mac, firstSeen: start }] });
    const late = look(4, [printer, sighting('00:16:3e:00:00:02', '192.168.1.21')]);
    expect(late).toMatchObject({ events: [], routine: [{ mac: '00:16:3e:00:00:02', firstSeen: start }] });
    register.note(lan, { complete: true });
    expect(look(5, [sighting('00:16:3e:00:00:03', '192.168.1.22')])).toMatchObject({
      events: [{ mac: '00:16:3e:00:00:03', firstSeen: start + 300, address: '192.168.1.22' }],
      routine: [],
    });
    expect(register.counts(lan)).toEqual({ present: 3, known: 3, added: 1 });
    expect(register.counts(lan).added).toBe(0);
  });

  test('begins anew on another network', () => {
    const { look } = registerOf(looked());
    const elsewhere = { ...printer, network: '10.0.0.0/24' };
    expect(look(0, [elsewhere])).toMatchObject({ events: [], routine: [{ firstSeen: start }] });
  });

  test('outlives a restart', () => {
    const before = registerOf(looked());
    before.look(0, [printer]);
    const { look } = registerOf(JSON.parse(JSON.stringify(before.register.state())));
    expect(look(10, [printer])).toEqual({ events: [], routine: [] });
  });
});

describe('present', () => {
  test('ends when a device was not seen for long, and begins again', () => {
    const { look, register } = registerOf(looked());
    look(0, [printer]);
    expect(look(74, []).events).toEqual([]);
    expect(look(76, []).events).toMatchObject([{ mac: printer.mac, present: false, lastSeen: start }]);
    expect(look(77, []).events).toEqual([]);
    expect(register.counts(lan)).toMatchObject({ present: 0, known: 1 });
    expect(look(300, [printer]).events).toMatchObject([{ present: true, lastSeen: start + 300 * 60 }]);
  });

  test('is not held by what merely stands in the table', () => {
    const { look } = registerOf(looked());
    look(0, [printer]);
    expect(look(76, [{ ...printer, confirmed: false }]).events).toMatchObject([{ present: false }]);
  });

  test('is held by an entry that has come into the table since the last look', () => {
    const { look } = registerOf(looked());
    look(0, [printer]);
    look(50, []);
    look(60, [{ ...printer, confirmed: false }]);
    expect(look(76, []).events).toEqual([]);
  });

  test('has its full time anew after a start, whatever the clocks say', () => {
    const { register, look } = registerOf(looked());
    look(0, [printer]);
    const again = new DeviceRegister(register.state(), { nowMs: 0 });
    const stale = [{ ...printer, confirmed: false }];
    again.look(stale, { time: start + 900_000_000, nowMs: 60_000, presentForMs });
    expect(again.take(start, all).events).toEqual([]);
    again.look(stale, { time: start, nowMs: presentForMs + 1, presentForMs });
    expect(again.take(start, all).events).toMatchObject([{ present: false }]);
  });
});

describe('addresses', () => {
  test('a new one is an event when the old one does not hold any more', () => {
    const { look } = registerOf(looked());
    look(0, [printer]);
    const moved = sighting(printer.mac, '192.168.1.99');
    expect(look(1, [printer, moved]).events).toEqual([]);
    expect(look(2, [moved]).events).toMatchObject([{ address: '192.168.1.99' }]);
  });

  test('one MAC that answers for all of them is one device that does not move', () => {
    const { look, register } = registerOf(looked());
    const proxy = Array.from({ length: 254 }, (_, index) => sighting(printer.mac, `192.168.1.${index + 1}`));
    expect(look(0, proxy).events).toHaveLength(1);
    expect(look(1, proxy.toReversed()).events).toEqual([]);
    expect(register.counts(lan)).toMatchObject({ present: 1, known: 1 });
  });

  test('the global one of IPv6 is kept; that it changes daily is no event', () => {
    const { look, register } = registerOf(looked());
    const { mac } = printer;
    look(0, [sighting(mac, 'fe80::1'), sighting(mac, '2001:db8::a')]);
    expect(register.state().devices).toMatchObject([{ address6: '2001:db8::a' }]);
    expect(look(1, [sighting(mac, 'fe80::1'), sighting(mac, '2001:db8::b')]).events).toEqual([]);
    expect(register.state().devices[0]?.address6).toBe('2001:db8::b');
    expect(register.state().devices[0]?.address).toBeUndefined();
  });
});

test('a device that stays is told of once a day', () => {
  const { look } = registerOf(looked());
  look(0, [printer]);
  const told = Array.from({ length: 48 }, (_, hour) => look((hour + 1) * 60, [printer]).routine.length);
  expect(told.flatMap((count, hour) => (count > 0 ? [hour + 1] : []))).toEqual([24, 48]);
});

describe('a flood of made-up MACs', () => {
  function flood(from: number, count: number): Sighting[] {
    return Array.from({ length: count }, (_, index) => {
      const hex = (from + index).toString(16).padStart(8, '0');
      return sighting(`00:de:${hex.match(/../g)?.join(':')}`, `192.168.1.${index % 254}`);
    });
  }

  test('takes the room of so many, and that of others like it first', () => {
    const { register, look } = registerOf(looked());
    look(0, [printer]);
    look(2 * 1_440, [printer]);
    look(2 * 1_440 + 80, []);
    for (let round = 0; round < 20; round += 1) {
      const at = { time: start + 300_000 + round, nowMs: 300_000_000 + round, presentForMs };
      register.look(flood(round * 1_000, 1_000), at);
    }
    const { devices } = register.state();
    expect(devices.length).toBeLessThanOrEqual(maxDevices);
    expect(devices.some(({ mac }) => mac === printer.mac)).toBe(true);
    expect(register.counts(lan).added).toBe(20_001);
  });

  test('is told a little at a time', () => {
    const { register } = registerOf(looked());
    register.look(flood(0, 100), { time: start, nowMs: 0, presentForMs });
    const most = { events: 20, routine: 50 };
    expect(register.take(start, most).events).toHaveLength(20);
    expect(register.take(start, most).events).toHaveLength(20);
    expect(register.take(start, all).events).toHaveLength(60);
  });
});

test('says whether there is something to keep', () => {
  const { register, look } = registerOf(looked());
  look(0, [printer]);
  expect([register.takeChanged(), register.takeChanged()]).toEqual([true, false]);
  look(1, [printer]);
  expect(register.takeChanged()).toBe(false);
  look(80, []);
  expect(register.takeChanged()).toBe(true);
});

test('remembers so many networks, the oldest go', () => {
  const { register } = registerOf();
  for (let index = 0; index < 40; index += 1) register.network(`10.0.${index}.0/24`, start + index);
  const names = register.state().networks.map(({ name }) => name);
  expect([names.length, names[0], names.at(-1)]).toEqual([32, '10.0.8.0/24', '10.0.39.0/24']);
});
