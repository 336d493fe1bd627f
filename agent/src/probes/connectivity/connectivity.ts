/** The connectivity probe, and how it is put together for this machine. */
import { networkInterfaces } from 'node:os';
import { type AgentClass, catalogue, type Point } from '@vonggac/shared';
import { DefaultRoutes } from '../../system/default-routes-linux.ts';
import { monotonicMs } from '../../system/monotonic.ts';
import { type RunCommand, runCommand } from '../../system/run-command.ts';
import type { Probe } from '../probe.ts';
import { CalmCheck } from './calm-check.ts';
import { checkLimitMs, checkTarget } from './check.ts';
import type { CheckResult, Outside } from './check-run.ts';
import { CollectorCheck, type CollectorSession } from './collector-check.ts';
import { deriveTargets } from './derive-targets.ts';
import * as linux from './derive-targets-linux.ts';
import * as windows from './derive-targets-windows.ts';
import { tracePath } from './path.ts';
import { resolveName } from './resolve.ts';
import type { Target } from './target.ts';
import { TargetMonitor } from './target-monitor.ts';
import { TrustedRoots } from './trusted-roots.ts';

/** What the probe reads; the monitor measures on its own clock, at the pace of each target. */
export type ConnectivitySummaries = Pick<TargetMonitor, 'takeSummaries'>;

export function connectivityProbe(monitor: ConnectivitySummaries): Probe {
  return {
    name: 'connectivity',
    cadence: catalogue.connectivity.cadence,
    atStart: false,
    timeoutMs: 5_000,
    async collect({ time }) {
      const { points, problem } = monitor.takeSummaries(time);
      return { status: 'measured', points, ...(problem !== undefined && { incomplete: problem }) };
    },
  };
}

/** This machine and its network, as checks use them. */
export function thisMachine(): Outside {
  return {
    limitMs: checkLimitMs,
    platform: process.platform,
    now: Date.now,
    monotonic: monotonicMs,
    runCommand,
    resolveName,
    roots: new TrustedRoots(),
  };
}

/** The targets that this machine names itself; `collector` are the addresses of the collector, `host:port`. */
export async function ownTargets(options: {
  platform: NodeJS.Platform;
  root: string;
  /** Of Linux. */
  routes: Pick<DefaultRoutes, 'read'>;
  runCommand: RunCommand;
  /** The networks that the machine is in, see `ownPrefixes`. */
  networks: readonly string[];
  collector: readonly string[];
  isGateway: boolean;
}): Promise<Target[]> {
  const { platform, root, routes, networks, collector, isGateway } = options;
  const facts =
    platform === 'win32' ? await windows.readNetworkFacts(options.runCommand) : linux.readNetworkFacts(root, routes);
  return deriveTargets({ ...facts, networks, collector, isGateway });
}

/** `10.0.0.5/24` of each of the machine's addresses. */
export function ownPrefixes(): string[] {
  return Object.values(networkInterfaces())
    .flat()
    .flatMap((own) => own?.cidr ?? []);
}

/** What an agent adds to the targets it is given. */
interface OwnTargets {
  readonly agentClass: AgentClass;
  /** Addresses of the collector, `host:port`. */
  readonly collector: readonly string[];
  readonly session: () => CollectorSession;
}

function placeOf({ agentClass, collector }: OwnTargets) {
  return { root: '/', networks: ownPrefixes(), collector, isGateway: agentClass === 'gateway' };
}

/** Each target in the way that suits it. */
function checkOfOwn({
  agentClass,
  ...options
}: Omit<OwnTargets, 'collector'> & {
  readonly check: (target: Target, signal: AbortSignal) => Promise<CheckResult>;
  readonly monotonic: () => number;
}) {
  const ofCollector = new CollectorCheck({ ...options, isOneOfMany: agentClass === 'pc' });
  const calm = new CalmCheck(options);
  const ownWay = ({ isCollector, isCalm }: Target) => (isCollector ? ofCollector : isCalm ? calm : undefined);
  return {
    check: (target: Target, signal: AbortSignal) => (ownWay(target) ?? options).check(target, signal),
    waitMs: (target: Target) => ownWay(target)?.waitMs(target),
  };
}

/** A monitor to be started; without `own` it checks only what it is given. */
export function createMonitor(options: {
  readonly outside: Outside;
  readonly onEvents: (points: readonly Point[]) => void;
  readonly own?: OwnTargets;
}): TargetMonitor {
  const { outside, onEvents, own } = options;
  const { now, monotonic } = outside;
  const check = (target: Target, signal: AbortSignal) => checkTarget(target, outside, signal);
  const routes = new DefaultRoutes('/');
  return new TargetMonitor({
    ...(own ? checkOfOwn({ check, monotonic, ...own }) : { check }),
    deriveTargets: async () => (own ? ownTargets({ ...outside, ...placeOf(own), routes }) : []),
    tracePath: (address, signal) => tracePath(address, { ...outside, signal }),
    onEvents,
    now,
    monotonic,
  });
}
