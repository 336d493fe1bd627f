import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { closeCodes, closeName } from './close-codes.ts';
import { AgentMessage, CollectorMessage } from './messages.ts';
import { parseAgentMessage, parseCollectorMessage } from './read-message.ts';

const fixtures = new URL('../../../tests/fixtures/protocol/v1/', import.meta.url);

/** Every message that was ever sent under this protocol version must be understood for ever: never change a fixture. */
describe('recorded messages of protocol version 1', () => {
  const names = readdirSync(fixtures).sort();
  const read = (name: string) => readFileSync(new URL(name, fixtures), 'utf8');

  test.each(names.filter((name) => name.startsWith('agent-')))('%s', (name) => {
    expect(parseAgentMessage(read(name))).toEqual(JSON.parse(read(name)));
  });

  test.each(names.filter((name) => name.startsWith('collector-')))('%s', (name) => {
    expect(parseCollectorMessage(read(name))).toEqual(JSON.parse(read(name)));
  });

  test('there is one of every message', () => {
    const types = (side: string) =>
      new Set(
        names.filter((name) => name.startsWith(side)).map((name) => (JSON.parse(read(name)) as { type: string }).type),
      );
    const wanted = (message: typeof AgentMessage | typeof CollectorMessage) =>
      new Set(message.def.options.map((option) => option.def.shape.type.def.values[0]));
    expect(types('agent-')).toEqual(wanted(AgentMessage));
    expect(types('collector-')).toEqual(wanted(CollectorMessage));
  });
});

test('close codes are unique, private or standard, and have a name', () => {
  const codes = Object.values(closeCodes).map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  for (const code of codes) expect(code === 1000 || code === 1001 || (code >= 4000 && code < 5000)).toBe(true);
  expect(closeName(4005)).toBe('revoked');
  expect(closeName(4999)).toBeUndefined();
});
