/** The pages under docs/ say what the code does. */
import { readFileSync } from 'node:fs';
import {
  AgentMessage,
  CollectorMessage,
  closeCodes,
  EnrolmentGrant,
  EnrolmentNonce,
  EnrolmentPending,
  EnrolmentRefusal,
  EnrolmentRequest,
} from '@vonggac/shared';
import { describe, expect, test } from 'vitest';
import { measurementsPage } from '../docs/measurements-page.ts';

function page(name: string): string {
  return readFileSync(new URL(`../docs/${name}`, import.meta.url), 'utf8');
}

test('measurements.md is what `npm run generate` writes', () => {
  expect(page('measurements.md')).toBe(measurementsPage());
});

describe('protocol.md', () => {
  const text = page('protocol.md');

  /** The keys that a message's table names, with `?` for those that may be absent. */
  function documentedKeys(type: string): string[] {
    const section = text.split(`### ${type} (`)[1]?.split('\n#')[0] ?? '';
    return [...section.matchAll(/^\| `(\w+)`(\??) \|/gm)].map((match) => `${match[1]}${match[2]}`).sort();
  }

  function keysOf(shape: Readonly<Record<string, { def: { type: string } }>>): string[] {
    return Object.entries(shape)
      .map(([key, schema]) => `${key}${schema.def.type === 'optional' ? '?' : ''}`)
      .sort();
  }

  const messages = [...AgentMessage.def.options, ...CollectorMessage.def.options].map((schema) => {
    const { type, ...keys } = schema.def.shape;
    return { type: String(type.def.values[0]), keys };
  });

  test.each(messages)('names the keys of $type', ({ type, keys }) => {
    expect(documentedKeys(type)).toEqual(keysOf(keys));
  });

  const enrolment = {
    nonce: EnrolmentNonce,
    request: EnrolmentRequest,
    grant: EnrolmentGrant,
    pending: EnrolmentPending,
    refusal: EnrolmentRefusal,
  };

  test.each(Object.entries(enrolment))('names the keys of an enrolment %s', (name, schema) => {
    expect(documentedKeys(`enrolment ${name}`)).toEqual(keysOf(schema.def.shape));
  });

  test('lists every close code', () => {
    for (const [name, { code, meaning, retry }] of Object.entries(closeCodes)) {
      expect(text).toContain(`| ${code} | ${name} | ${meaning} | ${retry} |`);
    }
  });
});
