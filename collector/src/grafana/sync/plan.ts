/** What a sync is going to do, step by step, and how people read it. */

import { oneLine } from '../grafana-errors.ts';

export type Action = 'adopt' | 'change' | 'create' | 'delete' | 'left' | 'refused' | 'unchanged';

export interface ObjectName {
  /** `folder`, `dashboard` … */
  readonly kind: string;
  readonly name: string;
}

export interface Step extends ObjectName {
  readonly action: Action;
  /** What changes, one thing a line; why it is refused or left. */
  readonly details: readonly string[];
  /** Absent where nothing is to be done. */
  readonly apply?: () => Promise<void>;
}

export interface Found {
  /** Ours by its mark; a provisioning file's; or somebody's who uses our name. */
  readonly owner: 'file' | 'foreign' | 'ours';
  /** Where it differs from what is to be. */
  readonly differs: readonly string[];
}

interface Writing {
  readonly adopt: boolean;
  readonly write: () => Promise<void>;
}

/** The step for an object that is to be there, from what is there under its name. */
export function stepFor(object: ObjectName, found: Found | undefined, { adopt, write }: Writing): Step {
  if (!found) return { ...object, action: 'create', details: [], apply: write };
  const { owner, differs } = found;
  if (owner === 'file' && differs.length > 0) {
    return refusedStep(
      object,
      'a provisioning file of that Grafana holds it: take the file away there and restart Grafana, or go on with "vonggac grafana export"',
    );
  }
  if (owner === 'foreign' && adopt) return { ...object, action: 'adopt', details: differs, apply: write };
  if (owner === 'foreign' && differs.length > 0) {
    return refusedStep(
      object,
      'somebody else made it with our uid or name: take it away there, or take it over with --adopt',
    );
  }
  if (differs.length === 0) return { ...object, action: 'unchanged', details: [] };
  return { ...object, action: 'change', details: differs, apply: write };
}

export function refusedStep(object: ObjectName, why: string): Step {
  return { ...object, action: 'refused', details: [why] };
}

/** The step for an object of ours that is made no more. */
export function staleStep(
  object: ObjectName,
  { prune, remove }: { prune: boolean; remove: () => Promise<void> },
): Step {
  if (!prune) return { ...object, action: 'left', details: ['is made no more; --prune deletes it'] };
  return { ...object, action: 'delete', details: [], apply: remove };
}

const symbols: Readonly<Record<Exclude<Action, 'unchanged'>, string>> = {
  create: '+',
  change: '~',
  adopt: '~',
  delete: '-',
  left: '.',
  refused: '!',
};

const count = (steps: readonly Step[], action: Action) => steps.filter((step) => step.action === action).length;

/** What is as it should be takes no line. */
export function planText(steps: readonly Step[]): string {
  const lines = steps.flatMap(({ kind, name, action, details }) => {
    if (action === 'unchanged') return [];
    const line = `${symbols[action]} ${oneLine(`${kind} "${name}"`)}${action === 'adopt' ? ' (taken over)' : ''}`;
    const more = details.map(oneLine);
    if ((action === 'refused' || action === 'left') && more.length === 1) return [`${line}: ${more[0]}`];
    return [line, ...more.map((detail) => `    ${detail}`)];
  });
  return [...lines, ...(lines.length > 0 ? [''] : []), summary(steps)].join('\n');
}

function summary(steps: readonly Step[]): string {
  const parts = [
    `${count(steps, 'create')} to create`,
    `${count(steps, 'change')} to change`,
    `${count(steps, 'delete')} to delete`,
    `${count(steps, 'unchanged')} unchanged`,
  ];
  const adopted = count(steps, 'adopt');
  const refused = count(steps, 'refused');
  if (adopted > 0) parts.splice(2, 0, `${adopted} to take over`);
  if (refused > 0) parts.push(`${refused} refused`);
  return `plan: ${parts.join(', ')}`;
}
