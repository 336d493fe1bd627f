/** Why the agent is told to end: alone, or with the whole system. The collector says the one of an agent, the other of a machine. */
import type { Goodbye } from '@vonggac/shared';
import { CommandError, type RunCommand } from './run-command.ts';

/** A system that goes down does not wait long for an answer, nor does whoever stops the service. */
const timeoutMs = 1_500;
/** `is-system-running` ends with other codes than 0 in every state but one. */
const anyState = [0, 1, 2, 3, 4];

interface Outside {
  readonly platform: NodeJS.Platform;
  readonly runCommand: RunCommand;
}

/** Undefined as `signal`: whoever started the agent has ended. */
export async function stopReason(
  signal: NodeJS.Signals | undefined,
  { platform, runCommand }: Outside,
): Promise<Goodbye['reason']> {
  // Node's name for the end of a session, of a console or of the system; see SetConsoleCtrlHandler.
  if (platform === 'win32') return signal === 'SIGHUP' ? 'shutdown' : 'stop';
  if (platform !== 'linux' || signal !== 'SIGTERM') return 'stop';
  try {
    const options = { timeoutMs, exitCodes: anyState };
    const { stdout } = await runCommand('/usr/bin/systemctl', ['is-system-running'], options);
    return stdout.trim() === 'stopping' ? 'shutdown' : 'stop';
  } catch (error) {
    if (error instanceof CommandError) return 'stop';
    throw error;
  }
}
