/** The event channel of Defender, made up: nothing here has run on a real Windows. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseWindowsEvents } from '../../system/event-xml.ts';
import { context, FakeWindows, sample, signal } from '../windows/testing/fake-windows.ts';
import { detectionsOf } from './defender-detections.ts';
import { defenderEvents } from './defender-events-windows.ts';
import { TamperLog, tamperingOf } from './tamper-windows.ts';

const eventsOf = (name: string) => parseWindowsEvents(sample(name)).events;
const now = Date.UTC(2026, 10, 20, 12);

describe('detectionsOf', () => {
  it('reads numbers, whatever language the names are in', () => {
    expect(detectionsOf(eventsOf('wevtutil-events-wrapped.xml'))).toEqual([
      {
        id: 'defender-11111111-2222-3333-4444-555555555555',
        time: Date.UTC(2026, 10, 20, 2, 12),
        product: 'defender',
        name: 'Virus:DOS/EICAR_Test_File',
        severity: 'critical',
        category: 'test',
        object: 'C:\\Users\\nguyenvana\\Tải xuống\\eicar.com',
        objectKind: 'file',
        action: 'detected',
        resolved: false,
        process: 'C:\\Windows\\explorer.exe',
        origin: 'realtime',
      },
    ]);
  });

  it('does not believe that an action was taken that ended with an error', () => {
    const [failed, done] = detectionsOf(eventsOf('wevtutil-events-actions-vi.xml'));
    expect(failed).toMatchObject({
      name: 'Trojan:Win32/Wacatac.B!ml',
      category: 'trojan',
      action: 'failed',
      resolved: false,
      errorCode: '0x80508023',
      objectKind: 'container',
      object: 'C:\\Users\\tranthib\\Downloads\\hoá đơn & biên lai.zip',
      process: undefined,
    });
    expect(done).toMatchObject({ action: 'quarantined', resolved: true, category: 'test' });
    expect(done?.errorCode).toBeUndefined();
  });

  const acted = (fields: Readonly<Record<string, string>>, id = 1117) =>
    detectionsOf([{ id, record: 1, time: now, data: new Map(Object.entries(fields)), texts: [] }])[0];

  it.each([
    [{ 'Action ID': '2' }, 1117, 'quarantined', undefined],
    [{ 'Action ID': '2', 'Error Code': '0x00000000', 'Status Code': '3' }, 1117, 'quarantined', true],
    [{ 'Action ID': '2', 'Error Code': '0x00000000', 'Status Code': '102' }, 1117, 'failed', false],
    [{ 'Action ID': '6', 'Error Code': '0x00000000' }, 1117, 'allowed', false],
    [{ 'Action ID': '9', 'Error Code': '0' }, 1117, 'none', false],
    [{ 'Action ID': '3', 'Error Code': 'lỗi' }, 1117, 'failed', false],
    [{ 'Action ID': '2', 'Error Code': '0x00000000' }, 1118, 'failed', false],
    [{ 'Action ID': '2', 'Error Code': '0x00000000' }, 1119, 'failed', false],
  ] as const)('takes %j of event %i for %s', (fields, id, action, resolved) => {
    expect(acted(fields, id)).toMatchObject({ action, resolved });
  });

  it('gives a detection without an id one of its own', () => {
    expect(acted({})?.id).toBe(`defender-1-${now}`);
  });

  it('leaves other events alone', () => {
    expect([1013, 1150, 2000, 5001].map((id) => acted({}, id))).toEqual([undefined, undefined, undefined, undefined]);
  });
});

describe('tampering', () => {
  it('is protection turned off, and an exclusion, but no other setting', () => {
    const events = [...eventsOf('wevtutil-events-wrapped.xml'), ...eventsOf('wevtutil-events-actions-vi.xml')];
    expect(tamperingOf(events).map(({ id }) => id)).toEqual([5001, 5007]);
  });

  it('is told for a day', () => {
    const log = new TamperLog();
    expect(log.problem(now)).toBeUndefined();
    log.add({ id: 5001, time: now });
    log.add({ id: 1013, time: now - 1 });
    expect(log.problem(now + 86_400_000)).toBe(
      'real-time protection was turned off at 2026-11-20T12:00:00.000Z (event 5001)',
    );
    expect(log.problem(now + 86_400_001)).toBeUndefined();
  });
});

/** The channel as Windows keeps it: a ring of records that count up, until someone clears it. */
class Channel {
  records: { record: number; time: number; name: string }[] = [];
  #next = 1;

  add(name: string, time: number): void {
    this.records.push({ record: this.#next, time, name });
    this.#next += 1;
    if (this.records.length > 50) this.records.shift();
  }

  clear(): void {
    this.records = [];
    this.#next = 1;
  }

  answer(asked: string): string {
    const record = /EventRecordID>(\d+)/.exec(asked)?.[1];
    const since = /@SystemTime>'([^']+)'/.exec(asked)?.[1];
    const found = this.records.filter(
      (one) => record === undefined || one.record > Number(record) || one.time > Date.parse(since ?? ''),
    );
    const events = found
      .slice(0, 200)
      .map(
        ({ record, time, name }) =>
          `<Event><System><EventID>1116</EventID><TimeCreated SystemTime='${new Date(time).toISOString()}'/><EventRecordID>${record}</EventRecordID></System><EventData><Data Name='Detection ID'>${name}</Data></EventData></Event>`,
      );
    return `<Events>${events.join('')}</Events>`;
  }
}

describe('defenderEvents', () => {
  it('asks in Unicode, with nothing but numbers in the question', async () => {
    const fake = new FakeWindows().services({ WinDefend: 'running' }).answer('wevtutil.exe', '<Events></Events>');
    const source = defenderEvents(fake.machine, new TamperLog());
    const hostile = { record: "1] or *[System[(EventID='x'", time: now };
    expect(await source.read(hostile, context(fake, now), signal)).toEqual({ detections: [], cursor: hostile });
    const [, line = ''] = fake.started;
    expect(line).toContain(
      'wevtutil.exe qe Microsoft-Windows-Windows Defender/Operational /f:xml /e:Events /c:200 /uni:true /q:*[System[',
    );
    expect(line).toContain('timediff');
  });

  it('has nothing on a machine without Defender', async () => {
    const fake = new FakeWindows().services({});
    const source = defenderEvents(fake.machine, new TamperLog());
    expect(await source.read(undefined, context(fake, now), signal)).toEqual({ detections: [], cursor: undefined });
    expect(fake.count('wevtutil.exe')).toBe(0);
  });

  it('fails when the channel cannot be read', async () => {
    const fake = new FakeWindows().services({ WinDefend: 'running' }).answer('wevtutil.exe', new Error('exit code 5'));
    await expect(
      defenderEvents(fake.machine, new TamperLog()).read(undefined, context(fake, now), signal),
    ).rejects.toThrow('exit code 5');
  });

  it('gives each detection once, over restarts, a channel that wraps and one that is cleared', async () => {
    const step = fc.constantFrom('add', 'add', 'add', 'read', 'read', 'clear', 'restart');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const channel = new Channel();
        let cursor: unknown;
        let time = now;
        let added = 0;
        const expected = new Set<string>();
        const seen: string[] = [];
        const read = async () => {
          const fake = new FakeWindows().services({ WinDefend: 'running' });
          const source = defenderEvents(fake.machine, new TamperLog());
          // The question is known only when it is asked: once for the question, once for the answer.
          fake.answer('wevtutil.exe', '<Events/>');
          await source.read(cursor, context(fake, time), signal);
          fake.answer('wevtutil.exe', channel.answer(fake.started.at(-1) ?? ''));
          const result = await source.read(cursor, context(fake, time), signal);
          seen.push(...result.detections.map(({ id }) => id));
          cursor = JSON.parse(JSON.stringify(result.cursor ?? null));
          for (const { name } of channel.records) expected.add(`defender-${name}`);
        };
        for (const one of steps) {
          time += 1_000;
          if (one === 'add') {
            channel.add(`d${added}`, time);
            added += 1;
          } else if (one === 'clear') channel.clear();
          else await read();
        }
        await read();
        expect(seen.toSorted()).toEqual([...expected].toSorted());
      }),
      { numRuns: 50 },
    );
  });
});
