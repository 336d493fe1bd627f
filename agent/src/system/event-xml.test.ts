import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseWindowsEvents } from './event-xml.ts';

const sample = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../../tests/fixtures/antivirus/windows', name), 'utf8');

function event(inner: string, record = 7): string {
  return `<Event xmlns='x'><System><EventID Qualifiers='0'>1116</EventID><TimeCreated SystemTime='2026-11-20T02:11:07.1234567Z'/><EventRecordID>${record}</EventRecordID></System>${inner}</Event>`;
}

describe('parseWindowsEvents', () => {
  it('reads what wevtutil prints', () => {
    const { events, unreadable } = parseWindowsEvents(sample('wevtutil-events-wrapped.xml'));
    expect(unreadable).toBe(0);
    expect(events.map(({ id, record, time }) => [id, record, new Date(time).toISOString()])).toEqual([
      [5001, 1201, '2026-11-20T02:11:07.123Z'],
      [1116, 1202, '2026-11-20T02:12:00.000Z'],
    ]);
    expect(events[1]?.data.get('Severity Name')).toBe('Nghiêm trọng');
    expect(events[1]?.data.get('Path')).toBe('file:_C:\\Users\\nguyenvana\\Tải xuống\\eicar.com');
  });

  it('needs no root element', () => {
    expect(parseWindowsEvents(`${event('', 1)}\r\n${event('', 2)}`).events.map(({ record }) => record)).toEqual([1, 2]);
  });

  it('decodes entities, once, and leaves those it does not know', () => {
    const data = `<EventData><Data Name="a &quot;b&quot;">&lt;&#65;&#x1EA3;&amp;lt; &nbsp; &#x7fffffff;</Data><Data/></EventData>`;
    const [found] = parseWindowsEvents(event(data)).events;
    expect([...(found?.data ?? [])]).toEqual([['a "b"', '<Aả&lt; &nbsp; &#x7fffffff;']]);
  });

  it('keeps texts without a name in their order', () => {
    const data = '<EventData><Data>Đối tượng:\r\nC:\\a</Data><Data Name="b">1</Data><Data></Data></EventData>';
    expect(parseWindowsEvents(event(data)).events[0]?.texts).toEqual(['Đối tượng:\r\nC:\\a', '']);
  });

  it.each([
    ['a wrong end tag', event('<EventData><Data Name="a">x</Date></EventData>')],
    ['an open element', event('<EventData><Data Name="a">x</EventData>')],
    ['a comment', event('<!-- x -->')],
    ['CDATA', event('<EventData><![CDATA[x]]></EventData>')],
    ['elements too deep', event(`${'<a>'.repeat(9)}${'</a>'.repeat(9)}`)],
    ['too many elements', event('<a/>'.repeat(501))],
    ['too long a text', event(`<a>${'x'.repeat(300_000)}</a>`)],
    ['no number', event('').replace('<EventRecordID>7</EventRecordID>', '')],
    ['no time', event('').replace('2026-11-20T02:11:07.1234567Z', 'hôm nay')],
  ])('passes over an event with %s, and reads the next', (_name, broken) => {
    const { events, unreadable } = parseWindowsEvents(`<Events>${broken}${event('', 8)}</Events>`);
    expect([events.map(({ record }) => record), unreadable]).toEqual([[8], 1]);
  });

  it('counts an event that was cut off', () => {
    expect(parseWindowsEvents(`<Events>${event('')}<Event xmlns='x'><System>`)).toMatchObject({ unreadable: 1 });
  });

  it.each(['', '<Events></Events>', '<Events/>', 'Không tìm thấy kênh.', '<!DOCTYPE x [<!ENTITY a "b">]>'])(
    'finds none in %j',
    (text) => {
      expect(parseWindowsEvents(text)).toEqual({ events: [], unreadable: 0 });
    },
  );

  it('takes any mutation of a sample, quickly', () => {
    const text = sample('wevtutil-events-actions-vi.xml');
    const position = fc.nat(text.length);
    fc.assert(
      fc.property(position, position, fc.string({ unit: 'binary', maxLength: 20 }), (from, length, noise) => {
        parseWindowsEvents(text.slice(0, from) + noise + text.slice(from + (length % 200)));
      }),
    );
    const startedAt = performance.now();
    parseWindowsEvents(`<Event ${' '.repeat(200_000)}`);
    parseWindowsEvents('<Event '.repeat(30_000));
    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});
