/** Reads a password from standard input: never from an argument, which every user of the machine can see. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { CommandFailed } from './command.ts';

/** The first line; typed at a terminal it is not shown. Throws CommandFailed when there is none. */
export async function readPassword(input: NodeJS.ReadStream, ask: (text: string) => void): Promise<string> {
  if (input.isTTY) ask('password (not shown): ');
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: silent, terminal: input.isTTY });
  try {
    for await (const line of lines) {
      if (line === '') break;
      return line;
    }
  } finally {
    lines.close();
    if (input.isTTY) ask('\n');
  }
  throw new CommandFailed('there is no password on standard input: type it, or send it through a pipe');
}
