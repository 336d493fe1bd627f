/** The collector's configuration: one YAML file, every key optional, then VONGGAC_… variables, then flags. */
import { readFileSync } from 'node:fs';
import { isAddress, Config as PushedConfig, ServiceNames } from '@vonggac/shared';
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import * as z from 'zod';
import { BackupSection } from './backup/settings.ts';
import { CalendarSection } from './calendar/settings.ts';
import { ConnectivitySection } from './connectivity/settings.ts';
import { ConsoleSettings } from './console-settings.ts';
import { GatewayLimits } from './gateway/limits.ts';
import { GrafanaSection } from './grafana/settings.ts';
import { channelVariable, IncidentsSection, NotifySection } from './notify/settings.ts';
import { ProtectionSection } from './protection/settings.ts';

const Port = z.int().min(0).max(65_535);
const days = (fallback: number) => z.number().positive().max(36_500).default(fallback);

/** As agents take them: one that they do not take would leave all of them without a connection. */
const Schedules = z
  .record(z.string(), z.string())
  .refine((schedules) => PushedConfig.shape.schedules.safeParse(schedules).success, {
    message: "expected names of probes with cron expressions, as in { disk_io: '0 * * * * *' }",
  })
  .default({});

const Services = z
  .array(z.string())
  .refine((names) => ServiceNames.safeParse(names).success, {
    message: 'expected names of services, 32 at most, as in [nginx, postgresql@15-main]',
  })
  .default([]);

const AgentsPort = z.strictObject({
  host: z.string().min(1).default('0.0.0.0').describe('address to listen on'),
  port: Port.default(8443).describe('TLS port for agents; 0 takes any free one'),
  addresses: z
    .array(z.string().refine(isAddress, 'expected host:port'))
    .default([])
    .describe('where agents reach this collector, written into enrolment codes; by default this machine’s addresses'),
  schedules: Schedules.describe('cron expression with seconds by probe name, pushed to every agent'),
  schedules_by_class: z
    .strictObject({ server: Schedules, gateway: Schedules, pc: Schedules })
    .prefault({})
    .describe('the same for one class; a pc measures each minute by default, some each five'),
  services_by_class: z
    .strictObject({ server: Services, gateway: Services, pc: Services })
    .prefault({})
    .describe('services of the operating system that machines of a class watch, where they are installed'),
  key_days: days(365).describe('agents make themselves a new key when theirs is older'),
  limits: GatewayLimits.prefault({}).describe('what one agent, one address and all together may do'),
});

const Influx = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe('for example http://127.0.0.1:8086'),
  database: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/)
    .default('vonggac'),
  username: z.string().optional(),
  password: z.string().optional(),
});

const MirrorUrl = z.url({ protocol: /^https?$/ }).refine((url) => !URL.canParse(url) || new URL(url).username === '', {
  message: 'expected an address alone: user and password go into username and password',
});

const Mirror = z.strictObject({
  url: MirrorUrl.describe('a VictoriaMetrics, for example http://127.0.0.1:8428; its /write is used'),
  query_url: MirrorUrl.optional().describe('where Grafana asks it, when that is another address, as in a cluster'),
  database: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/)
    .default('vonggac')
    .describe('value of the label db'),
  username: z.string().optional(),
  password: z.string().optional(),
});

const Store = z.strictObject({
  kind: z.enum(['sqlite', 'influx']).default('sqlite'),
  influx: Influx.optional().describe('needed when kind is influx'),
  mirror: Mirror.optional().describe('gets all numbers too, for Grafana; the store stays the one that is asked'),
  raw_days: days(14).describe('how long readings are kept as measured'),
  five_minute_days: days(180).describe('how long 5-minute summaries are kept'),
  hourly_days: days(1_825).describe('how long hourly summaries are kept'),
});

const Config = z
  .strictObject({
    data: z.string().min(1).default('./data').describe('folder for everything the collector keeps'),
    agents: AgentsPort.prefault({}),
    console: ConsoleSettings.prefault({}),
    store: Store.prefault({}),
    connectivity: ConnectivitySection.prefault({}),
    protection: ProtectionSection.prefault({}),
    calendar: CalendarSection.prefault({}),
    grafana: GrafanaSection.optional().describe('a Grafana that the collector drives'),
    incidents: IncidentsSection.prefault({}),
    notify: NotifySection.prefault({}),
    backup: BackupSection.optional().describe('backups that the collector makes by itself'),
    log_level: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  })
  .check((context) => {
    const { store } = context.value;
    if (store.kind === 'influx' && !store.influx) {
      context.issues.push({
        code: 'custom',
        input: store,
        path: ['store', 'influx'],
        message: 'expected the section influx with a url, because kind is influx',
      });
    }
  });
export type Config = z.infer<typeof Config>;

/** Every problem of a configuration, one line each: where, what is there, what was expected. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** Settings that win over the file, by dotted path: `console.port`. */
type Overrides = Readonly<Record<string, unknown>>;

/** Variables that stand for a setting. */
const variables: Readonly<Record<string, string>> = {
  VONGGAC_DATA: 'data',
  VONGGAC_AGENTS_HOST: 'agents.host',
  VONGGAC_AGENTS_PORT: 'agents.port',
  VONGGAC_CONSOLE_HOST: 'console.host',
  VONGGAC_CONSOLE_PORT: 'console.port',
  VONGGAC_CONSOLE_OIDC_CLIENT_SECRET: 'console.oidc.client_secret',
  VONGGAC_STORE_KIND: 'store.kind',
  VONGGAC_STORE_INFLUX_URL: 'store.influx.url',
  VONGGAC_STORE_INFLUX_DATABASE: 'store.influx.database',
  VONGGAC_STORE_INFLUX_USERNAME: 'store.influx.username',
  VONGGAC_STORE_INFLUX_PASSWORD: 'store.influx.password',
  VONGGAC_STORE_MIRROR_URL: 'store.mirror.url',
  VONGGAC_STORE_MIRROR_DATABASE: 'store.mirror.database',
  VONGGAC_STORE_MIRROR_USERNAME: 'store.mirror.username',
  VONGGAC_STORE_MIRROR_PASSWORD: 'store.mirror.password',
  VONGGAC_LOG_LEVEL: 'log_level',
};

/** Other VONGGAC_ variables that mean something: the file to read, and those of the agent and the tests. */
const otherVariables = /^VONGGAC_(CONFIG$|AGENT_|TEST_)/;

/** Reads file, environment and flags together. Throws ConfigError with every problem at once. */
export function loadConfig(sources: {
  file: string | undefined;
  environment: Readonly<Record<string, string | undefined>>;
  flags: Overrides;
}): Config {
  const problems: string[] = [];
  const lines = new LineCounter();
  const text = sources.file === undefined ? '' : readConfigFile(sources.file);
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  for (const error of document.errors) {
    problems.push(`${sources.file}:${lines.linePos(error.pos[0]).line}: ${error.message.split('\n')[0]}`);
  }
  if (problems.length > 0) throw new ConfigError(problems);

  const value: unknown = withoutEmptySections(document.toJS() ?? {});
  const origins = new Map<string, string>();
  for (const [name, text] of Object.entries(sources.environment)) {
    if (!name.startsWith('VONGGAC_') || text === undefined || otherVariables.test(name)) continue;
    const path = variables[name] ?? channelVariable(name, value);
    if (path === undefined) problems.push(`${name}: unknown variable; known are ${Object.keys(variables).join(', ')}`);
    else setPath(value, { path, value: path.endsWith('.port') && /^-?\d+$/.test(text) ? Number(text) : text });
    if (path !== undefined) origins.set(path, name);
  }
  for (const [path, flag] of Object.entries(sources.flags)) {
    setPath(value, { path, value: flag });
    origins.set(path, `--${path.replace('.', '-')}`);
  }

  const parsed = Config.safeParse(value);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const paths = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
      for (const path of paths) {
        const where =
          origins.get(path.join('.')) ?? positionOf(path, { document: document.contents, lines, file: sources.file });
        const what = issue.code === 'unrecognized_keys' ? 'unknown key' : issue.message;
        problems.push(`${where}: ${path.join('.') || 'the file'}: ${what}`);
      }
    }
  }
  if (problems.length > 0 || !parsed.success) throw new ConfigError(problems);
  return parsed.data;
}

function readConfigFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError([`${file}: cannot be read (${(error as Error).message})`]);
  }
}

/** A section whose keys are all commented out reads as null; it is as good as absent. */
function withoutEmptySections(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const filled = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(filled.map(([key, inner]) => [key, withoutEmptySections(inner)]));
}

function setPath(target: unknown, what: { path: string; value: unknown }): void {
  if (typeof target !== 'object' || target === null) return;
  const keys = what.path.split('.');
  const last = keys.pop() ?? '';
  let place = target as Record<string, unknown>;
  for (const key of keys) {
    const inner = place[key];
    // What is not a section stays as it is, for the schema to complain about.
    if (inner !== undefined && inner !== null && typeof inner !== 'object') return;
    place[key] = inner ?? {};
    place = place[key] as Record<string, unknown>;
  }
  place[last] = what.value;
}

/** `file:line` of the deepest part of the path that the file has. */
function positionOf(
  path: readonly PropertyKey[],
  source: { document: Node | null; lines: LineCounter; file: string | undefined },
): string {
  if (source.file === undefined) return 'configuration';
  let node: Node | null = source.document;
  let offset = node?.range?.[0] ?? 0;
  for (const key of path) {
    if (isSeq(node) && typeof key === 'number') {
      node = (node.items[key] as Node | undefined) ?? null;
      offset = node?.range?.[0] ?? offset;
      continue;
    }
    if (!isMap(node)) break;
    const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key);
    if (!pair) break;
    offset = (pair.key as Node).range?.[0] ?? offset;
    node = pair.value as Node | null;
  }
  return `${source.file}:${source.lines.linePos(offset).line}`;
}
