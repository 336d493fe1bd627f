/** Every alert rule has a runbook that the console can show, and whose commands exist. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fieldOf, type InBothLanguages, measurementByName, ruleById, rules } from '@vonggac/shared';
import { describe, expect, test } from 'vitest';
import { readMarkdown } from '../collector/console/src/rules/read-markdown.ts';
import { readRunbook, runbooksFolder } from '../collector/src/rules/runbooks.ts';

const languages = ['vi', 'en'] as const;

test('there is no runbook without a rule', () => {
  const names = readdirSync(runbooksFolder).map((name) => name.replace(/\.md$/, ''));
  expect(names.toSorted()).toEqual(rules.map(({ id }) => id).toSorted());
});

describe.each(rules)('the runbook of $id', ({ id, title, texts }) => {
  test('says in both languages what the rule says, how to check, what to do and whom to call', async () => {
    const runbook = await readRunbook(id);
    for (const language of languages) {
      const text = runbook[language];
      const said: InBothLanguages[] = Object.values(texts);
      for (const words of said) expect(text).toContain(words[language]);
      const blocks = readMarkdown(text);
      const headings = blocks.flatMap((block) => (block.kind === 'heading' ? [block.text] : []));
      expect(headings[0]).toBe(title[language]);
      expect(headings).toHaveLength(4);
      expect(blocks.some(({ kind }) => kind === 'code')).toBe(true);
      expect(blocks.some((block) => block.kind === 'list' && block.items.length >= 2)).toBe(true);
      // What the page cannot show would stand there as it is written.
      expect(text).not.toMatch(/[<>]\w|\]\(|\*\*|^\|/m);
    }
  });

  test('names commands and data that exist', () => {
    const text = readFileSync(`${runbooksFolder}/${id}.md`, 'utf8');
    for (const [, command = '', first = ''] of text.matchAll(/\bvonggac ([a-z-]+)(?: (\S+))?/g)) {
      expect(existsSync(new URL(`../collector/src/cli/${command}.ts`, import.meta.url)), command).toBe(true);
      if (command === 'rules') expect(ruleById(first === 'show' ? id : '')).toBeDefined();
      if (command !== 'query') continue;
      const [name = '', field = ''] = first.split('.');
      const measurement = measurementByName(name);
      expect(measurement && fieldOf(measurement, field), first).toBeDefined();
    }
    for (const [, command = ''] of text.matchAll(/\bvonggac-agent ([a-z]+)/g)) {
      expect(existsSync(new URL(`../agent/src/commands/${command}.ts`, import.meta.url)), command).toBe(true);
    }
    for (const [, other = ''] of text.matchAll(/runbook ([a-z]+(?:-[a-z]+)+)/g))
      expect(ruleById(other), other).toBeDefined();
  });
});
