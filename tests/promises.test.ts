/** docs/promises.md promises nothing that no test proves. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const root = new URL('../', import.meta.url);
const page = readFileSync(new URL('docs/promises.md', root), 'utf8');
const proofs = [...page.matchAll(/`([^`\s]+\.test\.ts)` "([^"]+)"/g)].map(([, file = '', title = '']) => ({
  file,
  title,
}));

test('names proofs', () => {
  expect(proofs.length).toBeGreaterThan(20);
  // A file that is named without a title proves nothing.
  expect(page.match(/\.test\.ts`/g)).toHaveLength(proofs.length);
});

describe('a proof is there', () => {
  test.each(proofs)('$file "$title"', ({ file, title }) => {
    const url = new URL(file, root);
    expect(existsSync(url), `there is no ${file}`).toBe(true);
    // As a title stands in the code, of a test or of a row in a table of tests.
    expect(readFileSync(url, 'utf8')).toContain(`'${title.replaceAll("'", "\\'")}'`);
  });
});

test('each reason of a loss is explained', () => {
  const { reason } = JSON.parse(
    readFileSync(new URL('docs/measurements.md', root), 'utf8').replace(
      /^[\s\S]*?`reason` \| Reason: ([^|]*?) \|[\s\S]*$/,
      '{"reason":"$1"}',
    ),
  ) as { reason: string };
  for (const each of reason.split(', ')) expect(page).toContain(`\`${each}\``);
});
