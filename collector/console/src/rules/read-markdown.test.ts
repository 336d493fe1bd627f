import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readMarkdown, readSpans } from './read-markdown.ts';

test('reads headings, paragraphs, lists and code', () => {
  const text = '# Ổ đĩa đầy\n\nMột dòng\nvà tiếp.\n\n## Kiểm tra\n```\ndf -h\n\nlsof +L1\n```\n1. Một.\n2. Hai.\n- Ba.';
  expect(readMarkdown(text)).toEqual([
    { kind: 'heading', level: 1, text: 'Ổ đĩa đầy' },
    { kind: 'paragraph', text: 'Một dòng và tiếp.' },
    { kind: 'heading', level: 2, text: 'Kiểm tra' },
    { kind: 'code', text: 'df -h\n\nlsof +L1' },
    { kind: 'list', isNumbered: true, items: ['Một.', 'Hai.'] },
    { kind: 'list', isNumbered: false, items: ['Ba.'] },
  ]);
});

test('what it does not know stays text', () => {
  const text = '<script>alert(1)</script> [a](javascript:x) #x';
  expect(readMarkdown(text)).toEqual([{ kind: 'paragraph', text }]);
});

test('finds code in text', () => {
  expect(readSpans('xem `df -h` trước')).toEqual([
    { isCode: false, text: 'xem ' },
    { isCode: true, text: 'df -h' },
    { isCode: false, text: ' trước' },
  ]);
});

test('ends, whatever it is given', () => {
  const line = fc.constantFrom('#', '####', '# a', '```', '- ', '- a', '1. a', '1.', '', ' ', 'text', '`');
  fc.assert(
    fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
      const text = lines.join('\n');
      expect(readMarkdown(text).length).toBeLessThanOrEqual(lines.length);
    }),
  );
});
