import { expect, test } from 'vitest';
import { linuxCommand, phoneCommand, windowsCommand } from './commands.ts';

test('commands as they are typed', () => {
  expect(linuxCommand('ABCD-1234')).toBe('sudo vonggac-agent enrol ABCD-1234');
  expect(windowsCommand('ABCD-1234')).toBe('vonggac-agent enrol ABCD-1234');
  expect(phoneCommand('ABCD-1234', '[2001:db8::1]:8443')).toBe(
    'vonggac-agent enrol ABCD-1234 --address [2001:db8::1]:8443',
  );
  expect(phoneCommand('ABCD-1234', undefined)).toBe('vonggac-agent enrol ABCD-1234');
});

test('nothing gets into a command that a shell would run', () => {
  expect(() => phoneCommand('ABCD', 'x; rm -rf /')).toThrow('would not be one word');
});
