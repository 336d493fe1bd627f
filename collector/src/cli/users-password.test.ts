import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { readPassword } from './users-password.ts';

function inputOf(text: string, isTTY = false): NodeJS.ReadStream {
  const input = new PassThrough() as unknown as NodeJS.ReadStream;
  input.isTTY = isTTY;
  (input as unknown as PassThrough).end(text);
  return input;
}

test.each(['mật khẩu dài\n', 'mật khẩu dài\r\nand more\n', 'mật khẩu dài'])('the first line of %j', async (text) => {
  let asked = '';
  const password = await readPassword(inputOf(text), (question) => {
    asked += question;
  });
  expect([password, asked]).toEqual(['mật khẩu dài', '']);
});

test.each(['', '\n'])('%j is no password', async (text) => {
  await expect(readPassword(inputOf(text), () => undefined)).rejects.toThrow('no password on standard input');
});
