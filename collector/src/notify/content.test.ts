import { expect, test } from 'vitest';
import { incidentKinds } from '../incidents/incident.ts';
import { digestContent, oneContent, testContent, type Writing } from './content.ts';
import { brief } from './testing/incident.ts';
import { wordsOf } from './words.ts';

const writing: Writing = {
  language: 'vi',
  consoleUrl: 'https://giamsat.example',
  time: (at) => new Date(at).toISOString(),
  machine: (id) => (id === 'a-1' ? 'pc-van-thu' : undefined),
  unit: (code) => (code === 'XA-QP' ? { name: 'Xã Quảng Phú', contact: 'Chị Lan, 0912 345 678' } : undefined),
};
const english: Writing = { ...writing, language: 'en' };

test('says what, where, what to do and whom to call, with the way to the runbook', () => {
  const full = {
    incident: brief({ kind: 'disk-full', severity: 'critical', count: 3, assignedTo: 'an' }),
    event: 'opened',
  } as const;
  const { subject, text, data } = oneContent(full, writing);
  expect(subject).toBe(`[NGHIÊM TRỌNG] ${wordsOf('disk-full').title.vi}: pc-van-thu (Xã Quảng Phú)`);
  for (const said of ['Làm ngay: ', 'Gọi ai: ', 'Chị Lan', 'Số lần thấy: 3', 'Người phụ trách: an']) {
    expect(text).toContain(said);
  }
  expect(text).toContain('https://giamsat.example/runbook/disk-full');
  expect(data).toMatchObject({ total: 1, incidents: [{ id: 1, event: 'opened', place: 'pc-van-thu (Xã Quảng Phú)' }] });
  expect(oneContent(full, { ...english, consoleUrl: undefined }).text).not.toMatch(/https|[ạằếịộụ]n /);
});

test.each(incidentKinds)('%s has a title in both languages', (kind) => {
  const { title } = wordsOf(kind);
  expect(title.vi).not.toBe(kind);
  expect(title.en).not.toBe(kind);
});

test('one that another tells of is not called mended', () => {
  const incident = brief({ closedAt: 9, note: 'folded into incident 12 (outbreak)' });
  expect(oneContent({ incident, event: 'resolved' }, writing).text).toContain('Đã gộp vào sự cố số: 12');
});

test('what machines wrote can neither begin a header nor fill a screen', () => {
  const evil = 'x\r\nBcc: ai-do@example.com\r\n\r\n<script>\u202e'.padEnd(5_000, 'ẩ');
  const incident = brief({
    subject: evil,
    unit: evil,
    note: evil,
    acknowledgedBy: evil,
    evidence: [{ at: 0, what: evil, facts: Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`f${i}`, evil])) }],
  });
  const all = { ...incident, evidence: [{ at: 0, what: 'x', facts: { hostname: evil, error: evil } }] };
  for (const content of [
    oneContent({ incident, event: 'opened' }, writing),
    oneContent({ incident: all, event: 'updated' }, english),
    digestContent(
      [
        { incident: all, event: 'opened' },
        { incident, event: 'escalated' },
      ],
      writing,
    ),
  ]) {
    expect(content.subject.length).toBeLessThanOrEqual(120);
    expect(content.subject).not.toMatch(/[\r\n]/);
    expect(content.text).not.toMatch(/^Bcc/m);
    expect(content.text).not.toMatch(/[\r\u202e]/);
    expect(content.text.length).toBeLessThan(4_000);
  }
});

test('a digest tells the gravest first and how many there are', () => {
  const items = Array.from({ length: 150 }, (_, i) => ({
    incident: brief({ id: i + 1, severity: i === 99 ? 'critical' : 'info' }),
    event: i < 140 ? ('opened' as const) : ('resolved' as const),
  }));
  const { subject, text, data } = digestContent(items, english);
  expect(subject).toMatch(/^\[DIGEST\] 140 new, 10 resolved, 1 critical: /);
  expect(text.split('\n')[2]).toMatch(/^- \[CRITICAL\]/);
  expect(text).toContain('… and 110 more');
  expect(data.incidents).toHaveLength(150);
  expect(data.total).toBe(150);
});

test('a test message says that it is one', () => {
  expect(testContent('thu', writing, 0).text).toContain('Thư thử của kênh "thu"');
  expect(testContent('thu', english, 0).subject).toMatch(/^\[TEST\]/);
});
