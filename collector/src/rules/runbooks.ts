/** Runbooks: `docs/runbooks/<rule>.md`, Vietnamese first, English after a line of three dashes. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InBothLanguages, RuleId } from '@vonggac/shared';

export const runbooksFolder = join(import.meta.dirname, '../../../docs/runbooks');

/** Rejects when there is none or it lacks a language. */
export async function readRunbook(rule: RuleId): Promise<InBothLanguages> {
  const text = await readFile(join(runbooksFolder, `${rule}.md`), 'utf8');
  const [vi, en, ...others] = text.split(/^---$/m).map((part) => part.trim());
  if (!vi || !en || others.length > 0) {
    throw new Error(`runbook ${rule}.md: Vietnamese, a line with ---, English are wanted`);
  }
  return { vi, en };
}
