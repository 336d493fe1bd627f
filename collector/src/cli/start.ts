/** `vonggac start`: a collector and an agent of this machine, enrolled as any other, to look at in a minute. */
// biome-ignore lint/style/noRestrictedImports: the one program that the collector starts is its own agent
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { formatFullCode } from '@vonggac/shared';
import type { Logger } from 'pino';
import { type AgentLaunch, builtAgent } from '../agent-program.ts';
import type { Collector } from '../collector.ts';
import type { Config } from '../config.ts';
import { osUser, recordCommand } from '../registry/audit-commands.ts';
import { auditCode } from '../registry/code-audit.ts';
import { openRegistry } from '../registry/database.ts';
import { EnrolmentCodes } from '../registry/enrolment-codes.ts';
import { SignInLinks, signInPath } from '../registry/sign-in-links.ts';
import { auditUnit } from '../registry/unit-audit.ts';
import { type UnitRecord, Units } from '../registry/units.ts';
import { Authority } from '../trust/authority.ts';
import { type Command, CommandFailed, readArguments } from './command.ts';
import { createCollectorLogger, runUntilSignal } from './run-until-signal.ts';

const usage = 'start [--config FILE] [--data DIR] [--console-port N] [--agents-port N]';
const codeLifeMs = 10 * 60_000;
const agentStopMs = 5_000;
const restartAgentAfterMs = 5_000;
/** The unit of this machine when there is no other yet. */
const firstUnit = { code: 'TTDL', name: 'Trung tâm dữ liệu', parent: undefined };

export const startCommand: Command = {
  usage,
  summary: 'run the collector with an agent of this machine, to try it out',
  async run(args) {
    const { config } = readArguments(args, { usage });
    const logger = createCollectorLogger(config);
    return runUntilSignal(config, {
      logger,
      started: async (collector) => {
        const agent = new LocalAgent(config, logger);
        await agent.start(collector.agentsPort);
        process.stdout.write(welcome(config, collector));
        return () => agent.stop();
      },
    });
  },
};

function welcome(config: Config, collector: Collector): string {
  const database = openRegistry(config.data);
  try {
    const code = new SignInLinks(database).create('admin', Date.now());
    recordCommand(config.data, { action: 'sign-in-link.create', after: { role: 'admin' } });
    return [
      '',
      'Vọng Gác đang chạy / is running',
      `  bảng theo dõi / console:        ${collector.consoleUrl}`,
      `  đăng nhập một lần / sign in:    ${collector.consoleUrl}${signInPath(code)}`,
      `  cổng cho tác tử / agents' port: ${collector.agentsPort}`,
      '  dừng / stop: Ctrl-C',
      '',
      '',
    ].join('\n');
  } finally {
    database.close();
  }
}

/** Throws CommandFailed. */
function agentLaunch(): AgentLaunch {
  const launch = builtAgent();
  if (!launch) throw new CommandFailed('the agent is not built: run "npm run build" first');
  return launch;
}

/** The agent of this machine, as a process of its own. */
class LocalAgent {
  readonly #config: Config;
  readonly #logger: Logger;
  readonly #folder: string;
  #process: ChildProcess | undefined;
  #restart: NodeJS.Timeout | undefined;
  #stopping = false;

  constructor(config: Config, logger: Logger) {
    this.#config = config;
    this.#logger = logger;
    this.#folder = join(config.data, 'agent');
  }

  /** Enrols the agent unless it is, then runs it. Throws CommandFailed. */
  async start(port: number): Promise<void> {
    const address = `127.0.0.1:${port}`;
    if (!existsSync(join(this.#folder, 'identity.json'))) await this.#enrol(address);
    this.#run(address);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restart);
    const child = this.#process;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const deadline = setTimeout(() => child.kill('SIGKILL'), agentStopMs);
    await ended;
    clearTimeout(deadline);
  }

  async #enrol(address: string): Promise<void> {
    const code = await this.#makeCode(address);
    // By standard input, so that the code is not in the list of processes.
    const child = this.#spawn(['enrol', '-', '--data', this.#folder]);
    child.stdin?.end(`${code}\n`);
    const exitCode = await new Promise<number | null>((resolve) => child.once('exit', resolve));
    if (exitCode !== 0) throw new CommandFailed("this machine's agent could not be enrolled; its message is above");
  }

  async #makeCode(address: string): Promise<string> {
    const now = Date.now();
    const database = openRegistry(this.#config.data);
    try {
      const units = new Units(database);
      const unit = units.all()[0] ?? this.#addFirstUnit(units, now);
      const codes = new EnrolmentCodes(database);
      const expiresAt = now + codeLifeMs;
      const asked = { unit: unit.code, class: 'server', uses: 1, expiresAt, now } as const;
      const { token, record } = codes.create({ ...asked, createdBy: osUser() });
      recordCommand(this.#config.data, { action: 'code.create', subject: record.id, after: auditCode(record) });
      return formatFullCode({ token, pin: new Authority(this.#config.data, Date.now).pin, addresses: [address] });
    } finally {
      database.close();
    }
  }

  #addFirstUnit(units: Units, now: number): UnitRecord {
    units.ensure(firstUnit, now);
    const after = units.details(firstUnit.code);
    recordCommand(this.#config.data, {
      action: 'unit.add',
      subject: firstUnit.code,
      ...auditUnit({ after, from: undefined }),
    });
    return firstUnit;
  }

  #run(address: string): void {
    const child = this.#spawn(['run', '--stop-with-stdin', '--data', this.#folder, '--address', address]);
    this.#process = child;
    child.once('exit', (code, signal) => {
      if (this.#stopping) return;
      this.#logger.warn({ code, signal }, "this machine's agent ended, starting it again");
      this.#restart = setTimeout(() => this.#run(address), restartAgentAfterMs);
    });
  }

  #spawn(args: readonly string[]): ChildProcess {
    // A group of its own, so that Ctrl-C reaches the collector alone, which then stops the agent first.
    const launch = agentLaunch();
    return spawn(launch.program, [...launch.args, ...args], {
      stdio: ['pipe', 'ignore', 'inherit'],
      env: launch.environment,
      detached: true,
    });
  }
}
