import { expect, test } from 'vitest';
import { auditImport, auditRetirement, auditUnit } from './unit-audit.ts';
import { startOf } from './unit-times.ts';

const unit = { code: 'A', name: 'Xã A', note: 'cũ', declared_pcs: 3, valid_from: 0, valid_to: undefined };

test('of a change what differs is kept, of a new unit all that is known', () => {
  const { note: _, ...rest } = unit;
  const after = { ...rest, name: 'Xã B', links: [{ id: 'a', kind: 'tslcd' as const }] };
  expect(auditUnit({ before: unit, after, from: startOf('2025-07-01') })).toEqual({
    before: { name: 'Xã A', links: '', note: 'cũ' },
    after: { from: '2025-07-01', name: 'Xã B', links: 'a:tslcd', note: '' },
  });
  expect(auditUnit({ after: unit, from: undefined })).toEqual({
    before: undefined,
    after: { name: 'Xã A', note: 'cũ', declared_pcs: '3' },
  });
});

test('of a merger where everything went is kept', () => {
  const counts = { movedCodes: 1, revokedCodes: 0 };
  const moved = { movedUnits: ['B', 'C'], movedAgents: ['a-1', 'a-2'] };
  const retired = { code: 'A', into: 'D', at: startOf('2025-07-01'), ...moved, ...counts };
  expect(auditRetirement(retired).after).toEqual({
    retired: '2025-07-01',
    into: 'D',
    moved_units: 'B C',
    moved_agents: 2,
    moved_codes: 1,
    revoked_codes: 0,
  });
});

test('of an import the hash of its file is kept', () => {
  const plan = { added: [], changed: [], unchanged: [], notInFile: [], problems: [] };
  expect(auditImport(plan, Buffer.from('abc')).after).toEqual({
    sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    added: 0,
    changed: 0,
  });
});
