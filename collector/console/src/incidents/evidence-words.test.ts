import { expect, test } from 'vitest';
import { factRows, sightWords } from './evidence-words.ts';

const format = { moment: () => 'lúc đó', number: String };
const words = { language: 'vi', format } as const;

test('two machines stand side by side', () => {
  const facts = {
    address: '10.0.0.7',
    other_address: '10.0.0.9',
    booted: '2026-01-05T08:00:00.000Z',
    hardware: 'other',
    other_odd: 'x\u202e',
  };
  expect(factRows(facts, words)).toEqual([
    { name: 'Địa chỉ', newcomer: '10.0.0.7', other: '10.0.0.9' },
    { name: 'Máy khởi động', newcomer: 'lúc đó', other: undefined },
    { name: 'Phần cứng', newcomer: 'khác', other: undefined },
    { name: 'odd', newcomer: undefined, other: 'x\ufffd' },
  ]);
});

test('rules and signals are written out', () => {
  const facts = { rules: 'AV-02 AV-99', signals: 'firewall-off other', product: 'clamav', class: 'gateway' };
  expect(factRows(facts, words).map(({ newcomer }) => newcomer)).toEqual([
    'Phần mềm diệt vi-rút không chạy (AV-02); AV-99 (AV-99)',
    'tắt tường lửa; other',
    'ClamAV',
    'Cổng LAN',
  ]);
});

test('what a newer collector saw is shown as it says it', () => {
  expect(sightWords('constructor', 'vi')).toBe('constructor');
  expect(sightWords('hardware-changed', 'en')).toContain('hardware');
});
