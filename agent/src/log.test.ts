import { expect, test } from 'vitest';
import { createLogger } from './log.ts';

function logTo(lines: string[], pretty = false) {
  return createLogger({ write: (line) => lines.push(line), pretty, level: 'info', now: () => 0 });
}

test('one line of JSON each, whatever a field holds', () => {
  const lines: string[] = [];
  logTo(lines).warn('probe failed', { reason: 'line\nbreak \u001b[31m"' });
  expect(lines).toHaveLength(1);
  for (const raw of ['\n', '\u001b']) expect(lines[0]?.trimEnd()).not.toContain(raw);
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    time: '1970-01-01T00:00:00.000Z',
    level: 'warn',
    message: 'probe failed',
    reason: 'line\nbreak \u001b[31m"',
  });
});

test.each([false, true])('what JSON leaves as it is cannot deceive a reader either (pretty: %s)', (pretty) => {
  const lines: string[] = [];
  logTo(lines, pretty).warn('no connection', { problem: 'a\u009b31m\u2028b\u202egpj.exe Ổ đĩa' });
  expect(lines[0]).toContain('"a\\u009b31m\\u2028b\\u202egpj.exe Ổ đĩa"');
});

test('what is below the level is dropped; on a terminal it is text', () => {
  const lines: string[] = [];
  const logger = logTo(lines, true);
  logger.debug('nobody wants to know');
  logger.info('agent started', { version: '1' });
  expect(lines).toEqual(['1970-01-01T00:00:00.000Z info  agent started {"version":"1"}\n']);
});
