/** The agent's own configuration: an optional YAML file, then VONGGAC_AGENT_… variables, then flags. */
import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { isAddress, ServiceNames } from '@vonggac/shared';
import * as z from 'zod/mini';
import { RelaySettings } from './gateway/relay-settings.ts';
import { BudgetSettings } from './uplink/line-budget.ts';

const mebibyte = 1_048_576;

const AntivirusSettings = z.strictObject({
  /** Configuration files of clamd, the first that is there is taken; by default where packages put it. */
  clamd_conf: z._default(z.array(z.string().check(z.refine(isAbsolute, 'expected an absolute path'))), []),
});

const AgentConfig = z.strictObject({
  /** Addresses to use instead of those of the enrolment. */
  addresses: z._default(z.array(z.string().check(z.refine(isAddress, 'expected host:port'))), []),
  /** A relay to try first. */
  via: z.optional(z.string().check(z.refine(isAddress, 'expected host:port'))),
  /** Of a gateway: passes other machines' connections on to the collector. Off when absent. */
  relay: z.optional(RelaySettings),
  /** Lowers what the collector allows the line to carry. */
  budget: z.optional(BudgetSettings),
  /** `reduced`: names of users and queries of addresses are taken out of what is said of malware. */
  privacy: z._default(z.enum(['full', 'reduced']), 'reduced'),
  antivirus: z._default(AntivirusSettings, { clamd_conf: [] }),
  /** Services of the operating system to watch: units of systemd, or names of services of Windows. */
  services: z._default(ServiceNames, []),
  spool_mebibytes: z._default(z.number().check(z.minimum(1), z.maximum(10_240)), 64),
  spool_days: z._default(z.number().check(z.minimum(0.04), z.maximum(90)), 7),
  log_level: z._default(z.enum(['debug', 'info', 'warn', 'error']), 'info'),
  /** Cron expression with seconds by probe name; what the collector pushes wins. */
  schedules: z._default(z.record(z.string(), z.string()), {}),
});
type AgentConfigFile = z.infer<typeof AgentConfig>;

export interface AgentConfig extends Omit<AgentConfigFile, 'spool_mebibytes' | 'spool_days'> {
  /** The data folder. */
  readonly folder: string;
  readonly spoolBytes: number;
  readonly spoolAgeMs: number;
}

/** Every problem of a configuration, one line each: where, what is there, what was expected. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** Where the agent keeps its files when nothing else is said. */
export function defaultFolder(platform: NodeJS.Platform): string {
  if (platform === 'win32') return join(process.env.ProgramData ?? 'C:\\ProgramData', 'VongGac', 'agent');
  return '/var/lib/vonggac/agent';
}

/**
 * Reads `agent.yaml` of the data folder, or the file that is named. Throws ConfigError with every problem at once.
 * The parser is loaded only when there is a file: it costs memory on every machine.
 */
export async function loadAgentConfig(sources: {
  folder: string;
  file: string | undefined;
  address: string | undefined;
  via?: string | undefined;
  /** Where the relay is to listen, `host:port`; turns it on. */
  relay?: string | undefined;
  logLevel: string | undefined;
}): Promise<AgentConfig> {
  const file = sources.file ?? join(sources.folder, 'agent.yaml');
  const text = readText(file, sources.file !== undefined);
  const { value, lineOf } = text === undefined ? { value: {}, lineOf: () => file } : await parseYaml(text, file);
  const withFlags = {
    ...value,
    // A section whose keys are all commented out.
    ...('relay' in value && { relay: value.relay ?? {} }),
    ...('antivirus' in value && { antivirus: value.antivirus ?? {} }),
    ...(sources.via !== undefined && { via: sources.via }),
    ...(sources.relay !== undefined && { relay: { ...relayOf(value), listen: sources.relay } }),
    ...(sources.address !== undefined && { addresses: [sources.address] }),
    ...(sources.logLevel !== undefined && { log_level: sources.logLevel }),
  };
  const parsed = AgentConfig.safeParse(withFlags);
  if (!parsed.success) {
    const problems = parsed.error.issues.flatMap((issue) => {
      const paths = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
      const what = issue.code === 'unrecognized_keys' ? 'unknown key' : issue.message;
      return paths.map((path) => `${lineOf(path)}: ${path.join('.') || 'the file'}: ${what}`);
    });
    throw new ConfigError(problems.join('\n'));
  }
  const { spool_mebibytes, spool_days, ...rest } = parsed.data;
  return {
    ...rest,
    folder: sources.folder,
    spoolBytes: spool_mebibytes * mebibyte,
    spoolAgeMs: spool_days * 86_400_000,
  };
}

/** The section `relay` as far as it is one; the schema complains about what is not. */
function relayOf(value: object): object {
  return 'relay' in value && typeof value.relay === 'object' && value.relay !== null ? value.relay : {};
}

function readText(file: string, isNamed: boolean): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (!isNamed && (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ConfigError(`${file}: cannot be read (${(error as Error).message})`);
  }
}

async function parseYaml(
  text: string,
  file: string,
): Promise<{ value: object; lineOf: (path: readonly PropertyKey[]) => string }> {
  const { isNode, isScalar, LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) {
    const problems = document.errors.map(
      (error) => `${file}:${lines.linePos(error.pos[0]).line}: ${error.message.split('\n')[0]}`,
    );
    throw new ConfigError(problems.join('\n'));
  }
  const value: unknown = document.toJS() ?? {};
  if (typeof value !== 'object' || value === null) throw new ConfigError(`${file}:1: expected keys and values`);
  return {
    value,
    lineOf: (path) => {
      for (let length = path.length; length > 0; length -= 1) {
        const node = document.getIn(path.slice(0, length), true);
        const offset = isNode(node) || isScalar(node) ? node.range?.[0] : undefined;
        if (offset !== undefined) return `${file}:${lines.linePos(offset).line}`;
      }
      return file;
    },
  };
}
