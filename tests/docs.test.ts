/** The pages under docs/ say what the code does. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
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

describe('links', () => {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const inDocs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`);
  const pages = [...readdirSync(root), ...inDocs].filter((name) => name.endsWith('.md'));

  /** As GitHub and most others make them of headings. */
  function anchorsOf(file: string): string[] {
    const headings = readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm);
    return [...headings].map(([, text = '']) =>
      text
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\- ]/gu, '')
        .replaceAll(' ', '-'),
    );
  }

  test.each(pages)('%s: every link leads somewhere', (name) => {
    const file = join(root, name);
    const targets = [...readFileSync(file, 'utf8').matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    const broken = targets.filter((target) => {
      if (/^[a-z]+:|^\//.test(target)) return false;
      const [path = '', anchor] = target.split('#');
      const to = path === '' ? file : join(dirname(file), path);
      return !existsSync(to) || (anchor !== undefined && !anchorsOf(to).includes(anchor));
    });
    expect(broken).toEqual([]);
  });
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
