import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineReader } from './line-reader.ts';

test('however the text is cut, the lines are the same', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 60 });
  fc.assert(
    fc.property(text, fc.array(fc.nat(10)), (whole, sizes) => {
      const reader = new LineReader(5);
      const lines: (string | undefined)[] = [];
      let rest = whole;
      for (const size of sizes) {
        lines.push(...reader.add(rest.slice(0, size)));
        rest = rest.slice(size);
      }
      lines.push(...reader.add(rest));
      expect(lines).toEqual(
        whole
          .split('\n')
          .slice(0, -1)
          .map((line) => (line.length > 5 ? undefined : line)),
      );
    }),
  );
});
