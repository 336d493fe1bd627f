import { EnrolmentRequest } from '@vonggac/shared';
import { expect, test } from 'vitest';
import { describeMachine, parseOsRelease } from './describe-machine.ts';

test.each([
  ['NAME="Debian"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n', 'Debian GNU/Linux 12 (bookworm)'],
  ["PRETTY_NAME='Ubuntu 24.04.2 LTS'\r\n", 'Ubuntu 24.04.2 LTS'],
  ['PRETTY_NAME=Alpine', 'Alpine'],
  ['PRETTY_NAME=""', undefined],
  ['NAME=x', undefined],
  ['', undefined],
])('reads the name of the system from %j', (text, expected) => {
  expect(parseOsRelease(text)).toBe(expected);
});

test('what it says of this machine can be sent', () => {
  const request = { lookup: 'a', proof: 'a', publicKey: 'a', ...describeMachine() };
  expect(EnrolmentRequest.parse(request)).toEqual(request);
});
