import { expect, test } from 'vitest';
import { CommandError, type RunCommand } from './run-command.ts';
import { stopReason } from './stop-reason.ts';

function systemctl(stdout: string): RunCommand {
  return async (command, args) => {
    expect([command, ...args]).toEqual(['/usr/bin/systemctl', 'is-system-running']);
    return { exitCode: stdout === 'running\n' ? 0 : 1, stdout, stderr: '' };
  };
}

const failing: RunCommand = async (command) => {
  throw new CommandError(`${command} is not there`, { failure: 'not-found' });
};

test.each([
  ['a service that is stopped', 'SIGTERM', 'linux', systemctl('running\n'), 'stop'],
  ['a system with a failed service', 'SIGTERM', 'linux', systemctl('degraded\n'), 'stop'],
  ['a system that shuts down or restarts', 'SIGTERM', 'linux', systemctl('stopping\n'), 'shutdown'],
  ['a machine without systemd', 'SIGTERM', 'linux', failing, 'stop'],
  ['a person at the keyboard', 'SIGINT', 'linux', failing, 'stop'],
  ['an agent whose parent has ended', undefined, 'linux', failing, 'stop'],
  ['Windows that shuts down', 'SIGHUP', 'win32', failing, 'shutdown'],
  ['Windows that stops the service', 'SIGTERM', 'win32', failing, 'stop'],
] as const)('%s', async (_, signal, platform, runCommand, reason) => {
  expect(await stopReason(signal, { platform, runCommand })).toBe(reason);
});
