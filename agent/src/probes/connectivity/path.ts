/** The way to a target, hop by hop, by the system's traceroute: evidence of where a line is cut. */
import { isIP } from 'node:net';
import { limits } from '@vonggac/shared';
import { CommandError, type RunCommand } from '../../system/run-command.ts';

const maxHops = 20;
/** Windows waits for three answers of each hop, one after the other. */
const timeoutMs = 60_000;
const maxBytes = 32 * 1_024;
const separator = ' > ';

export interface Hop {
  /** Undefined when nobody answered. */
  readonly address: string | undefined;
  readonly rttMs: number | undefined;
}

/** Undefined when the machine has no traceroute, or none that says anything. */
export async function tracePath(
  address: string,
  outside: { platform: NodeJS.Platform; runCommand: RunCommand; signal: AbortSignal },
): Promise<Hop[] | undefined> {
  const { platform, runCommand, signal } = outside;
  const [programs, args] = programsAndArguments(platform);
  for (const program of programs) {
    try {
      const { stdout } = await runCommand(program, [...args, address], { timeoutMs, maxBytes, signal });
      const hops = parseTraceroute(stdout);
      return hops.length > 0 ? hops : undefined;
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      if (error.failure !== 'not-found') return undefined;
    }
  }
  return undefined;
}

function programsAndArguments(platform: NodeJS.Platform): readonly [readonly string[], readonly string[]] {
  if (platform === 'win32') {
    return [
      [`${process.env.SystemRoot ?? 'C:\\Windows'}\\System32\\tracert.exe`],
      ['-d', '-h', `${maxHops}`, '-w', '800'],
    ];
  }
  return [
    ['/usr/bin/traceroute', '/usr/sbin/traceroute'],
    ['-n', '-q', '1', '-w', '1', '-m', `${maxHops}`],
  ];
}

/** Lines that begin with the number of a hop; traceroute and busybox have the address first, tracert the times. */
export function parseTraceroute(text: string): Hop[] {
  const hops: Hop[] = [];
  for (const line of text.split('\n')) {
    const match = /^ *(\d{1,2})\s+(.*)$/.exec(line.trimEnd());
    if (Number(match?.[1]) !== hops.length + 1) continue;
    const rest = match?.[2] ?? '';
    const address = rest.split(/\s+/).find((word) => isIP(word) !== 0);
    const time = /(\d+(?:[.,]\d+)?)\s*ms\b/.exec(rest)?.[1];
    hops.push({ address, rttMs: address && time ? Number(time.replace(',', '.')) : undefined });
  }
  return hops;
}

/** The hops as one text, in two parts that each fit a field; silence at the end is one `*`. */
export function describePath(hops: readonly Hop[]): { path: string; path_more: string | undefined } {
  const lastAnswer = hops.findLastIndex(({ address }) => address !== undefined);
  const words = hops
    .slice(0, lastAnswer + 2)
    .map(({ address, rttMs }) => (address === undefined ? '*' : [address, rttMs].join(' ').trim()));
  const parts = ['', ''];
  let index = 0;
  for (const word of words) {
    const longer = `${parts[index]}${parts[index] === '' ? '' : separator}${word}`;
    if (longer.length <= limits.text) parts[index] = longer;
    else if (index === 0) parts[++index] = word;
    else break;
  }
  return { path: parts[0] ?? '', path_more: parts[1] || undefined };
}
