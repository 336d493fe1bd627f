import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '../config.ts';

let folder: string;
let file: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-settings-'));
  file = join(folder, 'collector.yaml');
});
afterAll(() => rmSync(folder, { recursive: true }));

function load(text: string) {
  writeFileSync(file, text);
  return loadConfig({ file, environment: {}, flags: {} }).connectivity;
}

test('everything has a default', () => {
  const { targets, services, edge, budget, sweep_minutes } = load('');
  expect({ targets, services, sweep_minutes }).toEqual({ targets: [], services: [], sweep_minutes: 60 });
  expect(edge).toMatchObject({ check: true, every: 30, checks: 2 });
  expect(budget).toMatchObject({ server: 2_000_000, pc: 1_000_000, gateway: 5_000_000 });
});

test('targets and services', () => {
  const { targets, services } = load(
    [
      'connectivity:',
      '  targets:',
      '    - {id: dns-tinh, url: "dns://10.1.1.53/quangbinh.gov.vn", units: [QB], classes: [server]}',
      '  services:',
      '    - {id: cong-dvc, name: Cổng, url: "https://dichvucong.quangbinh.gov.vn/", keyword: Dịch vụ công}',
    ].join('\n'),
  );
  expect(targets).toEqual([
    {
      id: 'dns-tinh',
      url: 'dns://10.1.1.53/quangbinh.gov.vn',
      scope: 'wan',
      every: 15,
      units: ['QB'],
      classes: ['server'],
    },
  ]);
  expect(services[0]).toMatchObject({ every: 30, from: { classes: ['gateway', 'server'], per_unit: 1 } });
});

test.each([
  ['{id: a, url: "tcp://10.0.0.1"}', '4: connectivity.targets.1.url: "tcp://10.0.0.1": the port is missing'],
  ['{id: a, url: "icmp://127.0.0.1"}', '4: connectivity.targets.1.url: "icmp://127.0.0.1" is not a target on another'],
  ['{id: gateway, url: "icmp://10.0.0.1"}', '4: connectivity.targets.1.id: is a name that agents use themselves'],
  ['{id: "peer:a", url: "icmp://10.0.0.1"}', '4: connectivity.targets.1.id: is a name that agents use themselves'],
  ['{id: "a b", url: "icmp://10.0.0.1"}', '4: connectivity.targets.1.id: has 1 to 64 letters'],
  ['{id: known, url: "icmp://10.0.0.1"}', '4: connectivity.targets.1.id: known is used twice'],
  ['{id: a, url: "icmp://10.0.0.1", every: 1}', '4: connectivity.targets.1.every: '],
  ['{id: a, url: "icmp://10.0.0.1", pace: 1}', '4: connectivity.targets.1.pace: unknown key'],
  ['{id: a, url: "icmp://10.0.0.1", units: [dh]}', '4: connectivity.targets.1.units.0: has 1 to 32 capital letters'],
])('refuses the target %s', (target, message) => {
  const text = `connectivity:\n  targets:\n    - {id: known, url: "icmp://10.0.0.9"}\n    - ${target}\n`;
  expect(() => load(text)).toThrow(`${file}:${message}`);
});

test('refuses what no agent could check, and lines named twice', () => {
  const many = Array.from({ length: 201 }, (_, n) => `    - {id: t${n}, url: "icmp://10.0.0.1", classes: [pc]}`);
  expect(() => load(`connectivity:\n  targets:\n${many.join('\n')}\n`)).toThrow(
    '201 are for every pc, and an agent checks at most 200',
  );
  const watch = '    - {unit: DH, id: tslcd-1, next_hop: 10.0.0.1}';
  expect(() => load(`connectivity:\n  links:\n   watch:\n${watch}\n${watch}\n`)).toThrow('DH/tslcd-1 is named twice');
});
