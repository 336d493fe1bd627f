import { expect, test } from 'vitest';
import { LiveState } from '../live/live-state.ts';
import { createTestAgent } from '../rules/testing/test-agent.ts';
import { plannedSubjectOf } from './planned-subject.ts';

const live = new LiveState(() => 0);
live.put(createTestAgent('a-1', { class: 'pc' }));

test.each([
  ['malware', 'a-1/eicar', 'XA', { unit: 'DH', agentId: 'a-1', class: 'pc' }],
  ['link-down', 'XA/tslcd', 'XA', { unit: 'XA', link: 'tslcd' }],
  ['link-down', 'XA', 'XA', { unit: 'XA' }],
  ['service-unreachable', 'XA/cong', 'XA', { unit: 'XA' }],
  ['outbreak', 'eicar', undefined, { unit: '' }],
] as const)('%s of %s', (kind, subject, unit, planned) => {
  expect(plannedSubjectOf({ kind, subject, unit }, live)).toEqual(planned);
});
