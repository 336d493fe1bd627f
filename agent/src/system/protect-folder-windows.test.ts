import { expect, test } from 'vitest';
import { IdentityError } from '../identity.ts';
import { protectFolder } from './protect-folder-windows.ts';
import { CommandError, type RunCommand } from './run-command.ts';

const systemRoot = 'C:\\Windows';
const folder = 'C:\\ProgramData\\VongGac\\agent & co';

test('one program at a fixed place, the folder as one argument, nobody but SYSTEM, Administrators and the owner', async () => {
  const calls: unknown[] = [];
  const runCommand: RunCommand = async (command, args) => {
    calls.push([command, ...args]);
    return { exitCode: 0, stdout: '', stderr: '' };
  };
  await protectFolder(folder, { runCommand, systemRoot });
  expect(calls).toEqual([
    [
      'C:\\Windows\\System32\\icacls.exe',
      'C:\\ProgramData\\VongGac\\agent & co',
      '/inheritance:r',
      '/grant:r',
      '*S-1-5-18:(OI)(CI)F',
      '*S-1-5-32-544:(OI)(CI)F',
      '*S-1-3-4:(OI)(CI)F',
      '/q',
    ],
  ]);
});

test('a folder that cannot be closed is no place for a key', async () => {
  const runCommand: RunCommand = async () => {
    throw new CommandError('icacls.exe ended with exit code 5', { failure: 'failed', exitCode: 5 });
  };
  const protecting = protectFolder(folder, { runCommand, systemRoot });
  await expect(protecting).rejects.toThrow(IdentityError);
  await expect(protecting).rejects.toThrow(/exit code 5\): run this as administrator/);
});
