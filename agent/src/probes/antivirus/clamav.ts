/** ClamAV on Linux. Sources: clamd.conf, clamd's socket, headers of the signature files, fanotify marks, freshclam's log. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ClamavConfig, clamdConfigPath, openPort, readClamavConfig } from './clamav-config.ts';
import { type DatabaseReading, readDailySignatures } from './clamav-database.ts';
import { askVersion, type ClamdAnswer } from './clamav-socket.ts';
import type { DpkgStatus } from './dpkg-status.ts';
import { readFreshclamLog, type UpdateReading } from './freshclam-log.ts';
import type { ProcessesLinux } from './processes-linux.ts';
import type { AntivirusReader, ProductStatus } from './product-status.ts';

interface Options {
  /** The folder that stands for `/`. */
  readonly root: string;
  /** Where clamd.conf is, instead of the usual places. */
  readonly configPaths: readonly string[];
  readonly processes: ProcessesLinux;
  readonly dpkg: DpkgStatus;
  readonly now: () => number;
  readonly socketTimeoutMs?: number;
}

const daemons = ['usr/sbin/clamd', 'usr/bin/clamd', 'usr/local/sbin/clamd'];
const programs = [...daemons, 'usr/bin/clamscan', 'usr/local/bin/clamscan'];
/** Loading all signatures takes a minute on an old machine; one that swaps takes several. */
const loadingSeconds = 600;
/** freshclam tells clamd at once, and clamd looks for itself every ten minutes. */
const reloadMs = 3_600_000;
const defaultSocketTimeoutMs = 5_000;

export function clamavReader(options: Options): AntivirusReader {
  const { root, configPaths } = options;
  return {
    name: 'clamav',
    // A configuration alone is what a removed package leaves behind, unless somebody has named it here.
    isPresent: () =>
      programs.some((path) => existsSync(join(root, path))) ||
      (configPaths.length > 0 && clamdConfigPath(root, configPaths) !== undefined),
    async read(_context, signal) {
      return [await readClamav(options, signal)];
    },
  };
}

async function readClamav(options: Options, signal: AbortSignal): Promise<ProductStatus> {
  const { root, processes, dpkg } = options;
  const known = { product: 'clamav', name: 'ClamAV', licenceStatus: 'free' } as const;
  const installed = dpkg.version('clamav-daemon', 'clamav');
  let config: ClamavConfig | undefined;
  try {
    config = readClamavConfig(root, options.configPaths);
  } catch (error) {
    const running = processes.named('clamd').length > 0;
    return { ...known, version: installed, running, readState: 'denied', problem: (error as Error).message };
  }
  if (!config) return { ...known, version: installed, ...withoutConfig(options) };
  const daemon = await readDaemon(config, { ...options, signal });
  const database = readDailySignatures(join(root, config.databases));
  const { watchesOnly, ...realtime } = readHook(processes, daemon.running);
  const update = readUpdate(root, config);
  const problems = [
    daemon.problem,
    ...signatureProblems(database, { answer: daemon.answer, now: options.now() }),
    ...configProblems(config, watchesOnly === true),
    typeof update === 'string'
      ? update
      : update?.isOutdated && 'freshclam says that this version of ClamAV is outdated',
  ];
  const version = daemon.answer?.state === 'answered' ? daemon.answer.version.version : installed;
  return {
    ...known,
    ...signaturesInUse(database, daemon.answer),
    ...realtime,
    readState: daemon.readState,
    version,
    engineVersion: version,
    running: daemon.running,
    mode: modeOf(daemon, realtime.realtime),
    ...(typeof update === 'object' && {
      updateAttempt: update.attempt,
      updateSucceeded: update.succeeded,
      pendingAction: update.isOutdated ? 'platform_update' : undefined,
    }),
    source: config.path,
    problem: problems.filter(Boolean).join('; ') || undefined,
  };
}

function withoutConfig({ root, configPaths, processes }: Options): Omit<ProductStatus, 'product'> {
  const isDaemon = daemons.some((path) => existsSync(join(root, path)));
  if (!isDaemon && configPaths.length === 0) {
    return { readState: 'ok', realtime: false, mode: 'on_demand', problem: 'only the scanner is installed, no daemon' };
  }
  const where = configPaths.length > 0 ? configPaths.join(', ') : 'clamd.conf';
  const problem = `${where} is not there: name it in agent.yaml, under antivirus.clamd_conf`;
  return { readState: 'error', running: processes.named('clamd').length > 0, problem };
}

interface Daemon {
  readonly running: boolean;
  readonly readState: ProductStatus['readState'];
  readonly isStarting?: boolean;
  readonly answer?: ClamdAnswer;
  readonly problem?: string;
}

/** The process first: systemd starts a stopped clamd for whoever connects to its socket. */
async function readDaemon(config: ClamavConfig, options: Options & { signal: AbortSignal }): Promise<Daemon> {
  const [newest] = options.processes.named('clamd').reverse();
  if (!newest) return { running: false, readState: 'ok' };
  if (config.socket === undefined) {
    return { running: true, readState: 'unsupported', problem: `${config.path} names no LocalSocket to ask clamd by` };
  }
  const timeoutMs = options.socketTimeoutMs ?? defaultSocketTimeoutMs;
  const answer = await askVersion(join(options.root, config.socket), { timeoutMs, signal: options.signal });
  if (answer.state === 'answered') return { running: true, readState: 'ok', answer };
  const { problem } = answer;
  if (answer.state === 'denied') return { running: true, readState: 'denied', problem };
  const isSilent = answer.state === 'timeout' || answer.state === 'not-listening';
  const age = options.processes.ageSeconds(newest);
  if (isSilent && age !== undefined && age < loadingSeconds) {
    return { running: true, readState: 'ok', isStarting: true, problem: 'clamd is loading its signatures' };
  }
  return { running: true, readState: answer.state === 'timeout' ? 'timeout' : 'error', problem };
}

type Hook = Pick<ProductStatus, 'realtime' | 'realtimeProven'> & { readonly watchesOnly?: boolean };

/** clamonacc hears of opened files from the kernel and asks clamd; without either nothing is looked at. */
function readHook(processes: ProcessesLinux, isDaemonRunning: boolean): Hook {
  const clients = processes.named('clamonacc');
  if (clients.length === 0) return { realtime: false };
  const hook = processes.openHook(clients);
  if (hook === undefined) return { realtime: isDaemonRunning };
  const isOn = isDaemonRunning && hook !== 'none';
  return { realtime: isOn, realtimeProven: isOn, watchesOnly: isOn && hook === 'watches' };
}

function modeOf(daemon: Daemon, isRealtime: boolean | undefined): ProductStatus['mode'] {
  if (!daemon.running) return 'not_running';
  if (daemon.isStarting) return 'starting';
  return isRealtime ? 'active' : 'on_demand';
}

function readUpdate(root: string, { updateLog }: ClamavConfig): UpdateReading | string | undefined {
  if (updateLog === undefined) return undefined;
  try {
    return readFreshclamLog(join(root, updateLog));
  } catch (error) {
    // A machine that is given its signatures in another way has no such log.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : `cannot read ${updateLog}`;
  }
}

/** What protects is what is loaded; what lies on the disk counts while nothing is. */
function signaturesInUse(
  database: DatabaseReading,
  answer: ClamdAnswer | undefined,
): Pick<ProductStatus, 'signatureVersion' | 'signatureTime'> {
  const onDisk = database.state === 'read' ? database.signatures : undefined;
  if (answer?.state !== 'answered') {
    return { signatureVersion: onDisk && `${onDisk.version}`, signatureTime: onDisk?.built };
  }
  const loaded = answer.version.signatures;
  if (!loaded) return {};
  // The header's time is exact; clamd's is without a time zone.
  const time = loaded.version === onDisk?.version ? onDisk.built : loaded.built;
  return { signatureVersion: `${loaded.version}`, signatureTime: time };
}

const databaseProblems = {
  absent: (path: string) => `no official signatures: ${path} is missing`,
  damaged: (path: string) => `${path} is damaged`,
  denied: (path: string) => `${path} may not be read`,
} as const;

function signatureProblems(
  database: DatabaseReading,
  { answer, now }: { answer: ClamdAnswer | undefined; now: number },
): string[] {
  if (database.state !== 'read') return [databaseProblems[database.state](database.path)];
  if (answer?.state !== 'answered') return [];
  const loaded = answer.version.signatures?.version;
  const { version, written } = database.signatures;
  if (loaded !== undefined && loaded >= version) return [];
  if (now - written < reloadMs) return [];
  return [`clamd works with signatures ${loaded ?? 'of its own'} although ${version} are on the disk`];
}

function configProblems(config: ClamavConfig, watchesOnly: boolean): (string | false)[] {
  const port = openPort(config);
  return [
    port !== undefined && `port ${port} of clamd takes commands from any machine: set TCPAddr 127.0.0.1`,
    watchesOnly && 'finds files and lets them be opened: set OnAccessPrevention yes',
    config.log === undefined && `detections are not seen: set LogFile in ${config.path}`,
  ];
}
