import { type Point, point } from '@vonggac/shared';
import { expect, test } from 'vitest';
import { LiveState } from '../live/live-state.ts';
import { Ages } from './ages.ts';
import { createTestAgent } from './testing/test-agent.ts';

const dayMs = 86_400_000;
const start = Date.UTC(2026, 0, 5, 8);

/** In seconds, so many days from the start. */
function inDays(days: number): number {
  return (start + days * dayMs) / 1_000;
}

function told(points: Readonly<Record<string, readonly Point[]>>, now = start): string[] {
  const live = new LiveState(() => now);
  for (const [id, own] of Object.entries(points)) {
    live.put(createTestAgent(id));
    live.receive(id, own);
  }
  const said: string[] = [];
  const ages = new Ages({
    agents: () => live.all(),
    emit: ({ origin, points: emitted }) => {
      for (const { tags, fields } of emitted)
        said.push([origin.agent, tags.kind, tags.item, ...Object.values(fields)].join(' '));
    },
  });
  for (let second = 0; second < 300; second += 1) ages.tick(now + second * 1_000);
  return said;
}

test('turns the times of products and settings into ages and terms', () => {
  const product = {
    licence_expires_seconds: inDays(10),
    signature_time_seconds: inDays(-2),
    full_scan_seconds: inDays(-31),
  };
  const settings = {
    reboot_pending: true,
    reboot_pending_seconds: inDays(-8),
    security_updates: 2,
    oldest_update_seconds: inDays(-15),
    os_support_ends_seconds: inDays(-1),
  };
  const points = [
    point('antivirus', { time: start, tags: { product: 'eset' }, fields: product }),
    point('posture', { time: start, tags: {}, fields: settings }),
  ];
  expect(told({ 'a-1': points }).map((each) => each.replace(/(\.\d).*/, '$1'))).toEqual([
    'a-1 licence eset 10',
    'a-1 signatures eset 2',
    'a-1 full-scan eset 31',
    'a-1 os-support machine -1',
    'a-1 reboot machine 8',
    'a-1 security-update machine 15',
  ]);
});

test('what is known to be in order has an age of nothing; what nobody knows has none', () => {
  const posture = (fields: object) => [point('posture', { time: start, tags: {}, fields })];
  expect(told({ 'a-1': posture({ reboot_pending: false, security_updates: 0 }) })).toEqual([
    'a-1 reboot machine 0',
    'a-1 security-update machine 0',
  ]);
  expect(told({ 'a-1': posture({ firewall: true }) })).toEqual([]);
});

test('the certificate of a shared service is told once, by the newest reading; that of a neighbour by who sees it', () => {
  const check = (target: string, scope: string, days: number, time: number) =>
    point('connectivity', {
      time,
      tags: { target, kind: 'https', scope },
      fields: { up: true, certificate_expires_seconds: inDays(days) },
    });
  const said = told({
    'a-1': [check('portal', 'service', 3, start - 1_000), check('10.0.0.1', 'lan', 5, start)],
    'a-2': [check('portal', 'service', 90, start)],
  });
  expect(said).toEqual(['a-1 certificate 10.0.0.1 5', 'collector certificate portal 90']);
});

test('what was said more than a day ago is not believed', () => {
  const old = point('posture', { time: start - dayMs - 1, tags: {}, fields: { os_support_ends_seconds: inDays(1) } });
  expect(told({ 'a-1': [old] })).toEqual([]);
});

test('all machines have their turn within five minutes, a part of them each second', () => {
  const live = new LiveState(() => start);
  const posture = point('posture', { time: start, tags: {}, fields: { reboot_pending: false } });
  for (let index = 0; index < 1_000; index += 1) {
    live.put(createTestAgent(`a-${index}`));
    live.receive(`a-${index}`, [posture]);
  }
  const seen: number[] = [];
  const ages = new Ages({ agents: () => live.all(), emit: () => seen.push(0) });
  let most = 0;
  for (let second = 0; second < 300; second += 1) {
    const before = seen.length;
    ages.tick(start + second * 1_000);
    most = Math.max(most, seen.length - before);
  }
  expect(seen).toHaveLength(1_000);
  expect(most).toBeLessThanOrEqual(10);
});
