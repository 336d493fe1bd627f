import { type FieldValue, measurementByName } from '@vonggac/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeTag, encodeTag, lineOf, seriesPart } from './line-protocol.ts';

interface Line {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, string>>;
  readonly time: string;
}

/**
 * Reads lines as the server does (models/points.go of InfluxDB 1.x): a separator counts unless the byte before it is a
 * backslash, whatever stands before that; in a quoted text a backslash escapes a quote or another backslash.
 */
function parse(text: string): Line[] {
  let position = 0;
  function until(separators: string): string {
    const start = position;
    while (position < text.length && !(separators.includes(text.charAt(position)) && text[position - 1] !== '\\')) {
      position += 1;
    }
    return text.slice(start, position).replace(/\\([,= ])/g, '$1');
  }
  function fieldValue(): string {
    if (text[position] !== '"') return until(', ');
    const start = position;
    position += 1;
    while (position < text.length && text[position] !== '"') position += text[position] === '\\' ? 2 : 1;
    position += 1;
    return text.slice(start, position).replace(/\\(["\\])/g, '$1');
  }
  const lines: Line[] = [];
  while (position < text.length) {
    const measurement = until(', ');
    const tags: Record<string, string> = {};
    while (text[position] === ',') {
      position += 1;
      const name = until('=');
      position += 1;
      tags[name] = decodeTag(until(', '));
    }
    const fields: Record<string, string> = {};
    do {
      position += 1;
      const name = until('=');
      position += 1;
      fields[name] = fieldValue();
    } while (text[position] === ',');
    position += 1;
    const time = until('\n');
    position += 1;
    lines.push({ measurement, tags, fields, time });
  }
  return lines;
}

function measurement(name: string) {
  const found = measurementByName(name);
  if (!found) throw new Error(`no measurement ${name}`);
  return found;
}
const inventory = measurement('inventory');
const filesystem = measurement('filesystem');

function line(tags: Readonly<Record<string, string>>, fields: Readonly<Record<string, FieldValue>>): string {
  const point = { measurement: 'inventory', tags: {}, fields, time: 1_700_000_000_123 } as const;
  return lineOf(seriesPart(inventory, tags), { measurement: inventory, point });
}

/** Random unicode, with what matters to the protocol more often than chance would have it. */
const text = fc
  .array(fc.oneof(fc.string({ unit: 'binary', maxLength: 3 }), fc.constantFrom('\\', '"', ',', '=', ' ', '\n', "'")))
  .map((parts) => parts.join(''));
const tagValue = text.map((value) => value.replaceAll('\n', '')).filter((value) => value !== '');

describe('line protocol', () => {
  it('writes each type as the server knows it', () => {
    const point = {
      measurement: 'filesystem',
      tags: {},
      fields: { total_bytes: 2 ** 53 - 1, used_percent: 1e21, inodes_used_percent: 3, read_only: true },
      time: 5,
    } as const;
    expect(lineOf(seriesPart(filesystem, { mount: '/a b', type: 'x' }), { measurement: filesystem, point })).toBe(
      'filesystem,mount=/a\\ b,type=x total_bytes=9007199254740991i,used_percent=1e+21,inodes_used_percent=3,read_only=1i 5',
    );
  });

  it('gives back any tags and texts, and never more lines or fields than it was given', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(tagValue, tagValue, text, text), { minLength: 1, maxLength: 4 }), (rows) => {
        const lines = rows.map(([host, unit, os_name, model]) => line({ host, unit }, { os_name, model }));
        expect(parse(lines.join('\n'))).toEqual(
          rows.map(([host, unit, os_name, model]) => ({
            measurement: 'inventory',
            tags: { host, unit },
            fields: { os_name: `"${os_name}"`, model: `"${model}"` },
            time: '1700000000123',
          })),
        );
      }),
    );
  });

  it('stores tags that end in a backslash with a space more, one to one', () => {
    expect(encodeTag('C:\\')).toBe('C:\\ ');
    expect(encodeTag('C:\\ ')).toBe('C:\\  ');
    expect(encodeTag('C:\\x ')).toBe('C:\\x ');
    fc.assert(
      fc.property(tagValue, (value) => {
        expect(decodeTag(encodeTag(value))).toBe(value);
      }),
    );
  });
});
