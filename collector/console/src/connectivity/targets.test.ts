import { expect, test } from 'vitest';
import type { PointView } from '../../../src/http/schemas.ts';
import { createTexts } from '../text/language.tsx';
import { readTargets, scopeName, targetName } from './targets.ts';

const now = Date.UTC(2026, 10, 23, 9);

function reading(target: string, scope: string, fields: PointView['fields'], ageMs = 0): PointView {
  const time = new Date(now - ageMs).toISOString();
  return { measurement: 'connectivity', tags: { target, kind: 'icmp', scope }, fields, time };
}

test('what fails comes first, then what is not known, then from near to far', () => {
  const points = [
    reading('cong', 'service', { up: true }),
    reading('gateway', 'lan', { up: true, rtt_ms: 0.4 }),
    reading('collector', 'wan', { up: false, error: 'timeout', loss_percent: 100 }),
    reading('ntp', 'wan', { error: 'unsupported' }),
    { ...reading('x', 'lan', {}), measurement: 'link' },
  ];
  expect(readTargets(points).map(({ target, up }) => [target, up])).toEqual([
    ['collector', false],
    ['ntp', undefined],
    ['gateway', true],
    ['cong', true],
  ]);
  expect(readTargets([])).toEqual([]);
});

test('an expiry that is no date is not known', () => {
  const expiries = [1_800_000_000, 9e15].map((seconds) =>
    reading(`t-${seconds}`, 'wan', { certificate_expires_seconds: seconds }),
  );
  expect(readTargets(expiries).map((each) => each.certificateExpires)).toEqual([1_800_000_000_000, undefined]);
});

test('a target that is no longer asked for is left out', () => {
  const points = [reading('old', 'wan', { up: false }, 4 * 3_600_000), reading('new', 'wan', { up: true })];
  expect(readTargets(points).map(({ target }) => target)).toEqual(['new']);
});

test('targets that agents name themselves have words; others are shown as they are', () => {
  const texts = createTexts('vi');
  expect(['gateway', 'resolver-2', 'peer:a-1', 'dns-tinh', 'x\u202e'].map((name) => targetName(name, texts))).toEqual([
    'Cổng ra mặc định',
    'Máy chủ DNS 2',
    'Máy im lặng a-1',
    'dns-tinh',
    'x\ufffd',
  ]);
  expect([scopeName('lan', texts), scopeName('constructor', texts)]).toEqual(['mạng LAN', 'constructor']);
});
