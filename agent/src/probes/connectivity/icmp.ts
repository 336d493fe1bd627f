/** The system's ping: it has the right to send ICMP, the agent has not and needs not. */
import { isIP, isIPv6 } from 'node:net';
import { CommandError, type CommandResult } from '../../system/run-command.ts';
import { CheckFailure } from './check-failure.ts';
import type { CheckRun } from './check-run.ts';
import { type PingAnswer, parsePing } from './ping-output.ts';
import { addressesOf } from './resolve.ts';
import type { Target } from './target.ts';

const packets = 3;
/**
 * Of a burst in all: 0.4 s of sending and 1 s for the last answer, 2 s when it is the last chance; on Windows 1 s for
 * each packet.
 */
const timeoutMs = 3_500;
const maxBytes = 16 * 1_024;
/** 0: answered, 1: not answered, 2: iputils could not send. */
const exitCodes = [0, 1, 2];

/** What is asked of ping. */
interface Burst {
  readonly address: string;
  readonly interface: string | undefined;
  readonly packets: number;
  readonly waitSeconds: number;
}

/**
 * Whether the host answers a burst of echo requests. When none of it is answered as many are sent once more: of a line
 * that loses 30 % of the packets one burst in 37 is lost as a whole, two in a row one in 1,372.
 */
export async function checkIcmp(target: Target, run: CheckRun): Promise<void> {
  const addresses = await addressesOf(target, run);
  for (const [index, address] of addresses.entries()) {
    const to = { address, interface: target.interface };
    if (isIP(target.address.host) === 0) run.details.address = address;
    run.packets = undefined;
    const answers = [await take(to, { packets, waitSeconds: 1 }, run)];
    // A machine without the one family knows so at once.
    const isUnreachable = () => answers.every((answer) => answer.isUnreachable);
    if (run.rtts.length === 0 && !isUnreachable()) {
      run.restartLimit();
      answers.push(...(await Promise.all(onceMore(run.platform).map((burst) => take(to, burst, run)))));
    }
    if (run.rtts.length > 0) return;
    if (!isUnreachable() || index === addresses.length - 1) {
      throw new CheckFailure(isUnreachable() ? 'unreachable' : 'timeout', `${address} does not answer`);
    }
  }
}

/** Windows waits for each packet before it sends the next: there they are sent by as many programs at once. */
function onceMore(platform: NodeJS.Platform): Pick<Burst, 'packets' | 'waitSeconds'>[] {
  if (platform !== 'win32') return [{ packets, waitSeconds: 2 }];
  return Array.from({ length: packets }, () => ({ packets: 1, waitSeconds: 1 }));
}

async function take(
  to: Pick<Burst, 'address' | 'interface'>,
  how: Pick<Burst, 'packets' | 'waitSeconds'>,
  run: CheckRun,
): Promise<PingAnswer> {
  const answer = await ping({ ...to, ...how }, run);
  const { sent, lost } = run.packets ?? { sent: 0, lost: 0 };
  run.packets = { sent: sent + answer.sent, lost: lost + answer.sent - answer.rtts.length };
  run.rtts.push(...answer.rtts);
  return answer;
}

async function ping(burst: Burst, run: CheckRun): Promise<PingAnswer> {
  const { address } = burst;
  const args = pingArguments(burst, run.platform);
  for (const program of pingPrograms(address, run.platform)) {
    try {
      const options = { timeoutMs, maxBytes, exitCodes, signal: run.signal };
      return read(await run.runCommand(program, args, options), burst);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      if (error.failure === 'denied') throw new CheckFailure('unsupported', error.message);
      if (error.failure !== 'not-found') throw new CheckFailure('failed', error.message);
    }
  }
  throw new CheckFailure('unsupported', 'there is no ping program on this machine');
}

/** Where ping is; old systems have another one for IPv6. */
function pingPrograms(address: string, platform: NodeJS.Platform): readonly string[] {
  if (platform === 'win32') return [`${process.env.SystemRoot ?? 'C:\\Windows'}\\System32\\ping.exe`];
  const plain = ['/usr/bin/ping', '/bin/ping'];
  return isIPv6(address) ? ['/usr/bin/ping6', '/bin/ping6', ...plain] : plain;
}

/** Arguments that iputils, busybox and GNU ping understand alike; an address tells them its family. */
function pingArguments(burst: Burst, platform: NodeJS.Platform): readonly string[] {
  const { address, waitSeconds } = burst;
  if (platform === 'win32') {
    if (burst.interface !== undefined) throw new CheckFailure('unsupported', 'ping of Windows takes no interface');
    return ['-n', `${burst.packets}`, '-w', `${1_000 * waitSeconds}`, address];
  }
  const over = burst.interface === undefined ? [] : ['-I', burst.interface];
  return ['-n', '-c', `${burst.packets}`, '-i', '0.2', '-W', `${waitSeconds}`, ...over, address];
}

function read({ stdout, stderr }: CommandResult, burst: Burst): PingAnswer {
  try {
    return parsePing(stdout, burst.address);
  } catch (error) {
    // Said before the first packet, in English: the environment asks for it.
    if (/unreachable|no route|address family not supported|cannot assign/i.test(stderr)) {
      return { sent: burst.packets, rtts: [], isUnreachable: true };
    }
    const word = /not permitted|permission|invalid|usage/i.test(stderr) ? 'unsupported' : 'failed';
    throw new CheckFailure(word, `${(error as Error).message} ${stderr.trim().slice(0, 200)}`.trim());
  }
}
