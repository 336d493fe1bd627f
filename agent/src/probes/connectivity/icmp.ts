/** The system's ping: it has the right to send ICMP, the agent has not and needs not. */
import { isIP, isIPv6 } from 'node:net';
import { CommandError, type CommandResult } from '../../system/run-command.ts';
import type { CheckRun } from './check.ts';
import { CheckFailure } from './check-failure.ts';
import { parsePing } from './ping-output.ts';
import { addressesOf } from './resolve.ts';
import type { Target } from './target.ts';

const packets = 3;
/** In all: 0.4 s of sending and 2 s for the last answer; on Windows 1 s for each. */
const timeoutMs = 3_500;
const maxBytes = 16 * 1_024;
/** 0: answered, 1: not answered, 2: iputils could not send. */
const exitCodes = [0, 1, 2];

/** Whether the host answers a burst of echo requests. */
export async function checkIcmp(target: Target, run: CheckRun): Promise<void> {
  const addresses = await addressesOf(target, run);
  for (const [index, address] of addresses.entries()) {
    const { sent, rtts, isUnreachable } = await ping({ address, interface: target.interface }, run);
    run.packets = { sent, lost: sent - rtts.length };
    run.rtts.push(...rtts);
    if (isIP(target.address.host) === 0) run.details.address = address;
    if (rtts.length > 0) return;
    // A machine without the one family knows so at once.
    if (!isUnreachable || index === addresses.length - 1) {
      throw new CheckFailure(isUnreachable ? 'unreachable' : 'timeout', `${address} does not answer`);
    }
  }
}

async function ping(to: { address: string; interface: string | undefined }, run: CheckRun) {
  const { address } = to;
  const args = pingArguments(to, run.platform);
  for (const program of pingPrograms(address, run.platform)) {
    try {
      const options = { timeoutMs, maxBytes, exitCodes, signal: run.signal };
      return read(await run.runCommand(program, args, options), address);
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
function pingArguments(
  to: { address: string; interface: string | undefined },
  platform: NodeJS.Platform,
): readonly string[] {
  if (platform === 'win32') {
    if (to.interface !== undefined) throw new CheckFailure('unsupported', 'ping of Windows takes no interface');
    return ['-n', `${packets}`, '-w', '1000', to.address];
  }
  const over = to.interface === undefined ? [] : ['-I', to.interface];
  return ['-n', '-c', `${packets}`, '-i', '0.2', '-W', '2', ...over, to.address];
}

function read({ stdout, stderr }: CommandResult, address: string) {
  try {
    return parsePing(stdout, address);
  } catch (error) {
    // Said before the first packet, in English: the environment asks for it.
    if (/unreachable|no route|address family not supported|cannot assign/i.test(stderr)) {
      return { sent: packets, rtts: [], isUnreachable: true };
    }
    const word = /not permitted|permission|invalid|usage/i.test(stderr) ? 'unsupported' : 'failed';
    throw new CheckFailure(word, `${(error as Error).message} ${stderr.trim().slice(0, 200)}`.trim());
  }
}
