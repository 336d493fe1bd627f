import type { AgentClass } from '@vonggac/shared';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judge, type Level } from './compliance.ts';
import type { PostureState, ProductState } from './evidence.ts';
import type { MachineView } from './product-rules.ts';
import { dayMs, hourMs } from './rules.ts';
import { ProtectionSection } from './settings.ts';
import type { Standing } from './standing.ts';

const now = Date.UTC(2026, 10, 23, 8);
const settings = ProtectionSection.parse({});
const ago = (days: number) => now - days * dayMs;

/** Defender as it should be. */
const good: ProductState = {
  product: 'defender',
  time: now - 60_000,
  readState: 'ok',
  running: true,
  realtime: true,
  mode: 'active',
  signatureTime: ago(1),
  quickScan: ago(2),
  fullScan: ago(10),
  licenceStatus: 'builtin',
  tamperProtected: true,
};

function machine(products: readonly Partial<ProductState>[], changes: Partial<MachineView> = {}): MachineView {
  return {
    class: 'pc',
    enrolledAt: ago(100),
    evidence: { products: products.map((each) => ({ ...good, ...each })) },
    threats: { unresolved: [], recent: [] },
    asOf: now,
    freshSince: now - hourMs,
    skewMs: 0,
    ...changes,
  };
}

/** As it stands after it has been so for long enough. */
function settled(view: MachineView, options = settings): { level: Level; rules: string[] } {
  let before: Standing | undefined;
  // The clock of the looks: ages do not move with it.
  for (const at of [now, now + hourMs, now + 4 * dayMs]) {
    ({ standing: before } = judge(view, { settings: options, now: at, before, isSample: true }));
  }
  const { level, findings } = judge(view, { settings: options, now: now + 4 * dayMs, before, isSample: true });
  return { level, rules: findings.map(({ rule, level: grave }) => `${rule} ${grave}`) };
}

const server: Partial<MachineView> = { class: 'server' as AgentClass };
const posture = (changes: Partial<PostureState>): Partial<MachineView> => ({
  evidence: { products: [good], posture: { time: now, profilesOff: [], ...changes } },
});

describe('the table of rules, once a state has lasted', () => {
  test.each<[string, MachineView, Level, string[]]>([
    ['one active product', machine([{}]), 'protected', []],
    ['AV-01: none', machine([{ product: 'none', readState: 'absent' }]), 'unprotected', ['AV-01 critical']],
    ['AV-01: none is an old word', machine([{ product: 'none', readState: 'absent' }, {}]), 'protected', []],
    [
      'AV-01: on demand on a server',
      machine([{ product: 'clamav', mode: 'on_demand', realtime: false }], server),
      'attention',
      ['AV-01 warning'],
    ],
    [
      'AV-03: on demand on a PC',
      machine([{ product: 'clamav', mode: 'on_demand', realtime: false }]),
      'unprotected',
      ['AV-03 critical'],
    ],
    ['AV-02: stopped', machine([{ running: false }]), 'unprotected', ['AV-02 critical']],
    ['AV-02: starts for ever', machine([{ mode: 'starting' }]), 'unprotected', ['AV-02 critical']],
    ['AV-03: off', machine([{ realtime: false }]), 'unprotected', ['AV-03 critical']],
    ['AV-03: the system denies it', machine([{ realtimeProven: false }]), 'unprotected', ['AV-03 critical']],
    ['AV-03: passive and alone', machine([{ mode: 'passive' }]), 'unprotected', ['AV-03 critical']],
    [
      'AV-03: two passive ones',
      machine([{ mode: 'passive' }, { product: 'mde', mode: 'passive' }]),
      'unprotected',
      ['AV-03 critical', 'AV-03 critical'],
    ],
    ['passive beside another', machine([{ mode: 'passive', realtime: false }, { product: 'kes' }]), 'protected', []],
    ['off beside another', machine([{ running: false }, { product: 'kes' }]), 'protected', []],
    ['AV-04: 4 days', machine([{ signatureTime: ago(4) }]), 'attention', ['AV-04 warning']],
    ['AV-04: 8 days', machine([{ signatureTime: ago(8) }]), 'unprotected', ['AV-04 critical']],
    ['AV-04: of the freshest', machine([{ signatureTime: ago(8) }, { product: 'mde' }]), 'protected', []],
    ['AV-04: a product without', machine([{ product: 'crowdstrike', signatureTime: undefined }]), 'protected', []],
    ['AV-05: it says so', machine([{ outOfDate: true }]), 'attention', ['AV-05 warning']],
    [
      'AV-05: old too',
      machine([{ outOfDate: true, signatureTime: ago(9) }]),
      'unprotected',
      ['AV-04 critical', 'AV-05 critical'],
    ],
    ['AV-05: one failed update', machine([{ updateSucceeded: false, signatureTime: ago(0.5) }]), 'protected', []],
    [
      'AV-05: updates fail for two days',
      machine([{ updateSucceeded: false, signatureTime: ago(2) }]),
      'attention',
      ['AV-05 warning'],
    ],
    ['AV-06: quick scan', machine([{ quickScan: ago(8) }]), 'attention', ['AV-06 warning']],
    ['AV-06: full scan', machine([{ fullScan: ago(91) }]), 'attention', ['AV-06 critical']],
    ['AV-06: never', machine([{ fullScan: undefined, neverScanned: true }]), 'attention', ['AV-06 warning']],
    [
      'AV-06: never, but new',
      machine([{ fullScan: undefined, neverScanned: true }], { enrolledAt: ago(2) }),
      'protected',
      [],
    ],
    ['AV-07: ends', machine([{ licenceExpires: now + 20 * dayMs }]), 'attention', ['AV-07 warning']],
    ['AV-07: ended', machine([{ licenceExpires: ago(1) }]), 'unprotected', ['AV-07 critical']],
    ['AV-07: no key', machine([{ licenceStatus: 'none' }]), 'unprotected', ['AV-07 critical']],
    [
      'AV-08: dealt with',
      machine([{}], { threats: { unresolved: [], recent: ['eicar'] } }),
      'attention',
      ['AV-08 warning'],
    ],
    [
      'AV-08: not dealt with',
      machine([{}], { threats: { unresolved: ['eicar'], recent: [] } }),
      'unprotected',
      ['AV-08 critical'],
    ],
    ['AV-08: by the product', machine([{ activeThreats: 1 }]), 'unprotected', ['AV-08 critical']],
    [
      'AV-08: five',
      machine([{}], { threats: { unresolved: [], recent: ['a', 'b', 'c', 'd', 'e'] } }),
      'unprotected',
      ['AV-08 critical'],
    ],
    ['AV-09', machine([{ tamperProtected: false }]), 'attention', ['AV-09 warning']],
    ['AV-10', machine([{}, { product: 'kaspersky' }]), 'attention', ['AV-10 warning']],
    ['AV-10: not of an EDR', machine([{}, { product: 'sentinelone' }]), 'protected', []],
    ['AV-11', machine([{ pendingAction: 'reboot' }]), 'attention', ['AV-11 critical']],
    ['AV-12', machine([{ pendingAction: 'platform_update' }]), 'attention', ['AV-12 warning']],
    ['AV-13: not required', machine([{ managed: false }]), 'protected', []],
    ['AV-15', machine([{}, { product: 'other-x', orphan: true }]), 'attention', ['AV-15 warning']],
    [
      'AV-15: nothing else',
      machine([{ product: 'other-x', orphan: true }]),
      'unprotected',
      ['AV-01 critical', 'AV-15 critical'],
    ],
    ['AV-16: nothing read', machine([]), 'attention', ['AV-16 warning']],
    ['AV-16: denied', machine([{ readState: 'denied' }]), 'attention', ['AV-16 warning']],
    ['AV-16: present, state unknown', machine([{ realtime: undefined }]), 'attention', ['AV-16 warning']],
    ['AV-16: age not known', machine([{ signatureTime: undefined }]), 'attention', ['AV-16 warning']],
    ['AV-16: a date to come', machine([{ signatureTime: now + 3 * dayMs }]), 'attention', ['AV-16 warning']],
    ['AV-16: a wrong clock', machine([{}], { skewMs: 25 * hourMs }), 'attention', ['AV-16 warning']],
    ['AV-16: an old reading', machine([{}], { freshSince: now }), 'attention', ['AV-16 warning']],
    ['FW-01: off', machine([], posture({ firewall: false })), 'attention', ['FW-01 critical']],
    ['FW-01: profile', machine([], posture({ profilesOff: ['public'] })), 'attention', ['FW-01 warning']],
    [
      'UP-01: 8 days',
      machine([], posture({ securityUpdates: 2, oldestUpdate: ago(8) })),
      'attention',
      ['UP-01 warning'],
    ],
    [
      'UP-01: 31 days',
      machine([], posture({ securityUpdates: 2, oldestUpdate: ago(31) })),
      'attention',
      ['UP-01 critical'],
    ],
    ['UP-01: new ones', machine([], posture({ securityUpdates: 2, oldestUpdate: ago(1) })), 'protected', []],
    [
      'UP-02: 4 days',
      machine([], posture({ rebootPending: true, rebootPendingSince: ago(4) })),
      'attention',
      ['UP-02 warning'],
    ],
    ['DE-01: not required', machine([], posture({ diskEncryption: 'off' })), 'protected', []],
    ['DE-01: suspended', machine([], posture({ diskEncryption: 'suspended' })), 'attention', ['DE-01 warning']],
    ['OS-EOL: over', machine([], posture({ unsupported: true })), 'attention', ['OS-EOL critical']],
    ['OS-EOL: soon', machine([], posture({ supportEnds: now + 30 * dayMs })), 'attention', ['OS-EOL warning']],
  ])('%s', (_, view, level, rules) => {
    expect(settled(view)).toEqual({ level, rules });
  });

  test('in a closed network signatures may be older', () => {
    const offline = ProtectionSection.parse({ profile: 'offline' });
    expect(settled(machine([{ signatureTime: ago(6) }]), offline).level).toBe('protected');
    expect(settled(machine([{ signatureTime: ago(8) }]), offline).rules).toEqual(['AV-04 warning']);
    expect(settled(machine([{ signatureTime: ago(16) }]), offline).level).toBe('unprotected');
  });

  test('what is required is asked for', () => {
    const strict = ProtectionSection.parse({ require_management: true, require_encryption: ['pc'] });
    expect(settled(machine([{ managed: false }]), strict).rules).toEqual(['AV-13 warning']);
    expect(settled(machine([], posture({ diskEncryption: 'off' })), strict).rules).toEqual(['DE-01 critical']);
  });
});

test('all reasons for which a state cannot be known are named, of all products', () => {
  const denied = { readState: 'denied', problem: 'EACCES', signatureTime: undefined };
  const view = machine([denied, { product: 'kesl', readState: 'timeout', signatureTime: undefined }]);
  const { findings } = judge(view, { settings, now, isSample: true });
  expect(findings.map(({ rule, evidence }) => [rule, evidence])).toEqual([
    [
      'AV-16',
      {
        reason: 'state-unknown, signature-age-unknown',
        products: 'defender, kesl',
        read_state: 'denied, timeout',
        problem: 'EACCES',
      },
    ],
  ]);
});

describe('time', () => {
  function looks(steps: readonly [minutes: number, view: MachineView, isSample?: boolean][]): string[] {
    let before: Standing | undefined;
    return steps.map(([minutes, view, isSample = true]) => {
      const result = judge(view, { settings, now: now + minutes * 60_000, before, isSample });
      before = result.standing;
      return result.level;
    });
  }
  const infected = machine([{}], { threats: { unresolved: ['x'], recent: [] } });
  const stopped = machine([{ running: false }]);

  test('critical after two readings in a row, clear after two', () => {
    expect(
      looks([
        [0, infected],
        [1, infected],
        [2, machine([{}])],
        [3, infected],
        [4, machine([{}])],
        [5, machine([{}])],
      ]),
    ).toEqual(['attention', 'unprotected', 'unprotected', 'unprotected', 'unprotected', 'protected']);
  });

  test('looks that follow each other at once, or of a machine that is off, are no readings', () => {
    expect(
      looks([
        [0, infected],
        [0, infected, false],
        [60, infected, false],
      ]),
    ).toEqual(['attention', 'attention', 'attention']);
  });

  test('a stopped service is critical after five minutes only', () => {
    expect(
      looks([
        [0, stopped],
        [2, stopped],
        [4, stopped],
        [5, stopped],
        [6, stopped],
      ]),
    ).toEqual(['attention', 'attention', 'attention', 'attention', 'unprotected']);
  });

  test('unknown for 24 hours at most, whatever the reason changes to', () => {
    const reasons = [machine([]), machine([{ readState: 'timeout' }]), machine([{ signatureTime: undefined }])];
    expect(looks(reasons.flatMap((view, index) => [[index * 480, view]]))).toEqual(['unknown', 'unknown', 'unknown']);
    expect(looks([0, 700, 1_439, 1_440].map((minutes, index) => [minutes, reasons[index % 3] ?? machine([])]))).toEqual(
      ['unknown', 'unknown', 'unknown', 'attention'],
    );
  });
});

describe('for any machine', () => {
  const flag = fc.option(fc.boolean(), { nil: undefined });
  const product = fc.record({
    product: fc.constantFrom('none', 'defender', 'clamav', 'crowdstrike', 'bkav'),
    time: fc.constant(now),
    readState: fc.constantFrom('ok', 'absent', 'denied', 'timeout', 'error', 'unsupported', 'nonsense'),
    running: flag,
    realtime: flag,
    realtimeProven: flag,
    mode: fc.constantFrom(undefined, 'active', 'passive', 'on_demand', 'disabled', 'not_running', 'starting', 'x'),
    signatureTime: fc.option(fc.integer({ min: ago(40), max: now + dayMs }), { nil: undefined }),
    outOfDate: flag,
    licenceStatus: fc.constantFrom(undefined, 'valid', 'expired', 'none', 'builtin'),
    activeThreats: fc.option(fc.nat(3), { nil: undefined }),
    orphan: flag,
  });
  const view = fc
    .record({
      products: fc.array(product, { maxLength: 4 }),
      kind: fc.constantFrom<AgentClass>('pc', 'server', 'gateway'),
    })
    .map(({ products, kind }) => machine(products as ProductState[], { class: kind }));

  test('protected only by what is known to protect', () => {
    fc.assert(
      fc.property(view, (each) => {
        const { level } = judge(each, { settings, now, isSample: true });
        if (level !== 'protected') return;
        const proofs = each.evidence.products.filter(
          ({ readState, realtime, running, orphan }) =>
            readState === 'ok' && realtime === true && running !== false && orphan !== true,
        );
        const hasAge = proofs.some(
          ({ signatureTime, product: name }) => signatureTime !== undefined || name === 'crowdstrike',
        );
        expect([proofs.length > 0, hasAge]).toEqual([true, true]);
      }),
    );
  });

  test('what is not known, or worse, never makes it better', () => {
    const order: readonly Level[] = ['unprotected', 'unknown', 'attention', 'protected'];
    const rank = (each: MachineView) => order.indexOf(settled(each).level);
    const worse: Partial<Record<keyof ProductState, readonly unknown[]>> = {
      running: [undefined, false],
      realtime: [undefined, false],
      realtimeProven: [false],
      readState: ['denied', 'timeout'],
      signatureTime: [ago(5), ago(8), undefined],
      outOfDate: [true],
      licenceStatus: ['expired'],
      activeThreats: [1],
      tamperProtected: [false],
    };
    const choice = fc.constantFrom(
      ...Object.entries(worse).flatMap(([key, values]) => values.map((value) => ({ [key]: value }))),
    );
    fc.assert(
      fc.property(fc.array(choice, { maxLength: 4 }), choice, (changes, further) => {
        const base = Object.assign({}, ...changes) as Partial<ProductState>;
        const [key] = Object.keys(further);
        if (key !== undefined && key in base) return;
        expect(rank(machine([{ ...base, ...further }]))).toBeLessThanOrEqual(rank(machine([base])));
      }),
    );
  });
});
