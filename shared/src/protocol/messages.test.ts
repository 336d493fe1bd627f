import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { closeCodes, closeName } from './close-codes.ts';
import {
  AgentMessage,
  CollectorMessage,
  InvalidMessage,
  parseAgentMessage,
  parseCollectorMessage,
} from './messages.ts';

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

test('keys of a newer peer are ignored', () => {
  expect(parseAgentMessage('{"type":"ping","sent":1,"mood":"good"}')).toEqual({ type: 'ping', sent: 1 });
});

test.each([
  ['not JSON', '{'],
  ['no object', '[1,2]'],
  ['nothing', ''],
  ['an unknown type', '{"type":"exec","command":"id"}'],
  ['a negative sequence', '{"type":"batch","seq":-1,"sent":1,"data":[]}'],
  ['a fraction as sequence', '{"type":"batch","seq":1.5,"sent":1,"data":[]}'],
  ['a number too large for JSON', '{"type":"ping","sent":1e999}'],
  ['a message of the other side', '{"type":"ack","seq":1}'],
  ['a prototype', '{"type":"goodbye","reason":"__proto__"}'],
])('refuses %s', (_, text) => {
  expect(() => parseAgentMessage(text)).toThrow(InvalidMessage);
});

test('an error never quotes the content of a frame', () => {
  const secret = 'secret-in-a-frame';
  const text = JSON.stringify({ type: 'hello', agent: secret.toUpperCase() });
  expect(() => parseAgentMessage(text)).toThrow(expect.not.stringContaining(secret) as unknown as string);
});

test('whatever comes, parsing either gives a message or throws InvalidMessage', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
      for (const parse of [parseAgentMessage, parseCollectorMessage]) {
        try {
          parse(text);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidMessage);
        }
      }
    }),
  );
});

test('close codes are unique, private or standard, and have a name', () => {
  const codes = Object.values(closeCodes).map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  for (const code of codes) expect(code === 1000 || code === 1001 || (code >= 4000 && code < 5000)).toBe(true);
  expect(closeName(4005)).toBe('revoked');
  expect(closeName(4999)).toBeUndefined();
});
