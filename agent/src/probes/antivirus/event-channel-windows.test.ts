import { describe, expect, it } from 'vitest';
import { context, FakeWindows, signal } from '../windows/testing/fake-windows.ts';
import { eventSource, query } from './event-channel-windows.ts';

const now = Date.UTC(2026, 10, 20, 12);
const condition = 'EventID=1';

describe('query', () => {
  it('goes one day back the first time', () => {
    expect(query({ condition, last: undefined, now })).toBe(
      '*[System[(EventID=1) and TimeCreated[timediff(@SystemTime)<=86400000]]]',
    );
  });

  it('goes on from the last record, and finds a channel that was made anew', () => {
    expect(query({ condition, last: { record: 1200, time: now }, now: now + 1 })).toContain(
      "(EventRecordID>1200 or TimeCreated[@SystemTime>'2026-11-20T12:00:00.000Z'])",
    );
  });

  it('does not wait for a time that a wrong clock wrote', () => {
    const last = { record: 1, time: now + 1e10 };
    expect(query({ condition, last, now })).toContain("@SystemTime>'2026-11-20T12:00:00.000Z'");
  });
});

describe('eventSource', () => {
  const event = (record: number, time: number) =>
    `<Event><System><EventID>1</EventID><TimeCreated SystemTime='${new Date(time).toISOString()}'/><EventRecordID>${record}</EventRecordID></System></Event>`;

  function make() {
    const fake = new FakeWindows().services({ AVP: 'running' });
    const cleared: number[] = [];
    const source = eventSource(fake.machine, {
      name: 'x',
      channel: 'Maker/Operational',
      condition,
      service: /^avp$/,
      detectionsOf: () => [],
      onCleared: (time) => void cleared.push(time),
    });
    return { fake, source, cleared };
  }

  it('is worth a look when the file of its channel has changed', () => {
    const { fake, source } = make();
    expect(source.mark?.()).toBeUndefined();
    fake.marks.set('C:\\Windows\\System32\\winevt\\Logs\\Maker%4Operational.evtx', '69632 1');
    expect(source.mark?.()).toBe('69632 1');
  });

  it('tells that a channel was cleared, once', async () => {
    const { fake, source, cleared } = make();
    fake.answer('wevtutil.exe', event(1201, now));
    const first = await source.read({ record: 1200, time: now - 1 }, context(fake, now), signal);
    expect([cleared, first.cursor]).toEqual([[], { record: 1201, time: now }]);
    fake.answer('wevtutil.exe', event(1, now + 5_000));
    const second = await source.read(first.cursor, context(fake, now), signal);
    expect([cleared, second.cursor]).toEqual([[now + 5_000], { record: 1, time: now + 5_000 }]);
    fake.answer('wevtutil.exe', '');
    await source.read(second.cursor, context(fake, now), signal);
    expect(cleared).toHaveLength(1);
  });
});
