import { type CheckError, InvalidTarget, maxTargets, type Point, parseTarget } from '@vonggac/shared';
import { loadIdentity } from '../identity.ts';
import { checkTarget } from '../probes/connectivity/check.ts';
import { ownPrefixes, ownTargets, thisMachine } from '../probes/connectivity/connectivity.ts';
import { isOwn } from '../probes/connectivity/derive-targets.ts';
import { defaultEverySeconds, type Target } from '../probes/connectivity/target.ts';
import { TargetState } from '../probes/connectivity/target-state.ts';
import { DefaultRoutes } from '../system/default-routes-linux.ts';
import type { Texts } from '../texts.ts';
import { type CommandContext, CommandFailed, exitCodes, print } from './command.ts';
import { followTargets } from './follow-targets.ts';

/**
 * `probe connectivity [--target URL …]`: checks what is named, or what this machine names itself, once and at the same
 * time. A target that is down is a result; exit code 1 says that something could not be measured.
 */
export async function probeConnectivity(context: CommandContext): Promise<number> {
  const { texts, flags } = context;
  if (flags.follow === true) return followTargets();
  const named = Array.isArray(flags.target) ? readTargets(flags.target) : undefined;
  const points = await checkOnce(named ?? (await targetsOfThisMachine(context)));
  print(context, {
    value: { points },
    text: points.length > 0 ? describePoints(points, texts) : texts.notHere,
  });
  return areMeasured(points) ? exitCodes.done : exitCodes.failed;
}

/** Up or down is a result; neither is none. */
export function areMeasured(points: readonly Point[]): boolean {
  return points.every(({ fields }) => 'up' in fields);
}

/** The targets that an agent on this machine checks by itself. */
export async function targetsOfThisMachine({ config }: CommandContext): Promise<Target[]> {
  try {
    return await ownTargets({
      ...thisMachine(),
      root: '/',
      routes: new DefaultRoutes('/'),
      networks: ownPrefixes(),
      collector: collectorOf(config),
      isGateway: false,
    });
  } catch (error) {
    throw new CommandFailed(`cannot find the targets of this machine: ${(error as Error).message}`);
  }
}

/** Nobody has to be enrolled, or to be allowed to read the identity, to measure by hand. */
function collectorOf(config: CommandContext['config']): readonly string[] {
  if (config.addresses.length > 0) return config.addresses;
  try {
    return loadIdentity(config.folder)?.addresses ?? [];
  } catch {
    return [];
  }
}

/** Named by a person at the machine, who may also look at the machine itself. */
function readTargets(urls: readonly string[]): Target[] {
  const networks = ownPrefixes();
  const unique = [...new Set(urls)];
  if (unique.length > maxTargets) throw new CommandFailed(`--target: at most ${maxTargets}`, exitCodes.usage);
  return unique.map((url) => {
    try {
      const address = parseTarget(url);
      const scope = isOwn(address.host, networks) ? 'lan' : 'wan';
      return { id: url, scope, every: defaultEverySeconds, address, anyAddress: true };
    } catch (error) {
      if (error instanceof InvalidTarget) throw new CommandFailed(`--target: ${error.message}`, exitCodes.usage);
      throw error;
    }
  });
}

/** One point of each target. */
export async function checkOnce(targets: readonly Target[]): Promise<Point[]> {
  const outside = thisMachine();
  const { signal } = new AbortController();
  const points = await Promise.all(
    targets.map(async (target) =>
      new TargetState(target).record(await checkTarget(target, outside, signal), outside.now()),
    ),
  );
  return points.flat();
}

function describePoints(points: readonly Point[], texts: Texts): string {
  const rows = points.map(({ tags, fields }) => {
    const { up, error, rtt_ms: rtt } = fields;
    const state = up === undefined ? texts.check.unknown : up ? texts.check.up : texts.check.down;
    const why = error === undefined ? [] : [`${error}: ${texts.checkErrors[error as CheckError]}`];
    return [
      tags.target ?? '',
      state,
      rtt === undefined ? '-' : `${rtt} ms`,
      [...why, ...describeDetails(fields, texts)].join(', '),
    ];
  });
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function describeDetails(fields: Point['fields'], { check }: Texts): string[] {
  const { address, loss_percent: loss, http_status: status, clock_offset_ms: offset } = fields;
  const expires = fields.certificate_expires_seconds;
  return [
    ...(address === undefined ? [] : [`${address}`]),
    ...(fields.up === true && Number(loss) > 0 ? [check.loss(Number(loss))] : []),
    ...(status === undefined ? [] : [`HTTP ${status}`]),
    ...(expires === undefined ? [] : [check.expires(new Date(Number(expires) * 1_000).toISOString().slice(0, 10))]),
    ...(offset === undefined ? [] : [check.offset(Number(offset))]),
  ];
}
