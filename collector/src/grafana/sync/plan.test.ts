import { expect, test } from 'vitest';
import { planText, refusedStep, type Step, staleStep, stepFor } from './plan.ts';

const object = { kind: 'dashboard', name: 'Máy' };
const write = async () => undefined;

test.each([
  [undefined, false, 'create'],
  [{ owner: 'ours', differs: [] }, false, 'unchanged'],
  [{ owner: 'ours', differs: ['title'] }, false, 'change'],
  [{ owner: 'foreign', differs: ['title'] }, false, 'refused'],
  [{ owner: 'foreign', differs: ['title'] }, true, 'adopt'],
  [{ owner: 'foreign', differs: [] }, false, 'unchanged'],
  [{ owner: 'file', differs: ['title'] }, true, 'refused'],
  [{ owner: 'file', differs: [] }, true, 'unchanged'],
] as const)('%j, taking over: %j → %s', (found, adopt, action) => {
  const step = stepFor(object, found, { adopt, write });
  expect(step.action).toBe(action);
  expect(step.apply !== undefined).toBe(['create', 'change', 'adopt'].includes(action));
});

test('people read what is going to be done, and nothing of what is well', () => {
  const steps: Step[] = [
    stepFor({ kind: 'folder', name: 'Vọng Gác' }, undefined, { adopt: false, write }),
    stepFor(object, { owner: 'ours', differs: ['panels.3', 'title'] }, { adopt: false, write }),
    stepFor({ kind: 'dashboard', name: 'Yên' }, { owner: 'ours', differs: [] }, { adopt: false, write }),
    refusedStep({ kind: 'dashboard', name: 'Đơn\n+ vị' }, 'it is taken'),
    staleStep({ kind: 'alert rule', name: 'Cũ' }, { prune: false, remove: write }),
    staleStep({ kind: 'alert rule', name: 'Cũ hơn' }, { prune: true, remove: write }),
  ];
  expect(planText(steps)).toBe(`+ folder "Vọng Gác"
~ dashboard "Máy"
    panels.3
    title
! dashboard "Đơn + vị": it is taken
. alert rule "Cũ": is made no more; --prune deletes it
- alert rule "Cũ hơn"

plan: 1 to create, 1 to change, 1 to delete, 1 unchanged, 1 refused`);
});
