/** `vonggac grafana sync`: brings a Grafana to what Vọng Gác makes, by its API. */
import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { DialectName } from '@vonggac/dashboards';
import type { Config } from '../config.ts';
import { GrafanaAccessError, readGrafanaToken, readGrafanaUrl } from '../grafana/access.ts';
import { GrafanaApi } from '../grafana/grafana-api.ts';
import { GrafanaRefused, GrafanaUnreachable, oneLine } from '../grafana/grafana-errors.ts';
import { consoleUrl, type Tongue } from '../grafana/made-objects.ts';
import type { SyncContext } from '../grafana/sync/context.ts';
import { type Action, planText, type Step } from '../grafana/sync/plan.ts';
import {
  checkOrganisation,
  type Features,
  featuresOf,
  type GrafanaServer,
  lookAtServer,
  UnsuitableGrafana,
} from '../grafana/sync/server.ts';
import { apply, planSync, SyncInterrupted } from '../grafana/sync/sync.ts';
import { type Verification, verify } from '../grafana/sync/verify.ts';
import { type Wanted, wantedOf } from '../grafana/sync/wanted.ts';
import { isSafeUrl } from '../oidc/settings.ts';
import { recordCommand } from '../registry/audit-commands.ts';
import { NotReachable } from './api-client.ts';
import { type Arguments, CommandFailed, exitCodes, print, UsageError } from './command.ts';
import { createStepProgress } from './progress.ts';

export const syncFlags = {
  url: 'string',
  'token-file': 'string',
  org: 'string',
  'dry-run': 'boolean',
  prune: 'boolean',
  adopt: 'boolean',
  'allow-old': 'boolean',
} as const;

const unreadable: Readonly<Record<DialectName, string>> = {
  influxql:
    'this collector keeps its data in the embedded store, which Grafana cannot read: set store.kind to influx first',
  promql: 'there is no VictoriaMetrics that gets the data for Grafana to read: set store.mirror.url first',
};

/** Throws UsageError, NotReachable and CommandFailed. */
export async function syncGrafana(parsed: Arguments, tongue: Tongue): Promise<number> {
  const progress = createStepProgress(parsed);
  try {
    return await run(parsed, { tongue, progress: progress.show, clear: progress.clear });
  } catch (error) {
    progress.clear();
    throw asCommandError(error);
  }
}

interface Options {
  readonly tongue: Tongue;
  readonly progress: (step: string) => void;
  readonly clear: () => void;
}

async function run(parsed: Arguments, { tongue, progress, clear }: Options): Promise<number> {
  const { flags, config } = parsed;
  const api = new GrafanaApi(accessOf(parsed));
  const organisation = organisationOf(flags.org);
  const wanted = await wantedOf(config, tongue);
  if (!wanted) throw new CommandFailed(unreadable[tongue.dialect]);
  progress('looking at Grafana');
  const server = await lookAtServer(api);
  checkOrganisation(server, organisation);
  const features = featuresOf(server, { allowOld: flags['allow-old'] === true });
  const context: SyncContext = { api, features, adopt: flags.adopt === true, prune: flags.prune === true };
  const steps = await planSync(context, wanted);
  clear();
  const plan = [headText(server), ...notesOn(parsed, { features, address: server.address }), '', planText(steps)].join(
    '\n',
  );
  const value = { grafana: server, steps: steps.map(({ apply: _, ...step }) => step) };
  if (steps.some(({ action }) => action === 'refused')) {
    print(parsed, {
      value: { ...value, written: 0 },
      text: `${plan}\nnothing was written: look at what is refused above`,
    });
    return exitCodes.failed;
  }
  if (flags['dry-run'] === true) {
    print(parsed, { value: { ...value, written: 0 }, text: plan });
    return exitCodes.done;
  }
  // Before the writing: whoever waits should know what for.
  if (!parsed.json) process.stdout.write(`${plan}\n`);
  const written = steps.filter((step) => step.apply);
  if (written.length > 0) record(config, { server, steps: written });
  await apply(steps, progress);
  progress('looking at what was written');
  const dropped = written.length === 0 ? [] : await differentStill(context, wanted);
  const verification = await verify(context, {
    groups: wanted.groups,
    isFresh: written.some(({ kind }) => kind === 'rule group'),
    pause: wait,
    now: Date.now,
    progress,
  });
  clear();
  const problems = [...dropped, ...verification.problems];
  print(parsed, {
    value: { ...value, written: written.length, ...verification, problems },
    text: [`${written.length} written`, rulesText(verification), ...problems.map((problem) => `! ${problem}`)].join(
      '\n',
    ),
  });
  return problems.length === 0 ? exitCodes.done : exitCodes.failed;
}

function accessOf({ flags, config: { grafana } }: Arguments): { url: URL; token: string } {
  const url = flags.url ?? grafana?.url;
  const file = flags['token-file'] ?? grafana?.token_file;
  if (typeof url !== 'string')
    throw new UsageError('--url is missing: where Grafana is, as in https://grafana.example');
  if (typeof file !== 'string')
    throw new UsageError('--token-file is missing: a file with the token of a service account (role Admin)');
  return { url: readGrafanaUrl(url), token: readGrafanaToken(file) };
}

function organisationOf(text: unknown): number | undefined {
  if (text === undefined) return undefined;
  if (typeof text === 'string' && /^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`--org is the number of an organisation in Grafana, not "${text}"`);
}

/** What Grafana stored otherwise than it was sent, although it said yes. */
async function differentStill(context: SyncContext, wanted: Wanted): Promise<readonly string[]> {
  // Whether the password is right shows when the data source is asked.
  const steps = await planSync(context, { ...wanted, password: undefined });
  return steps
    .filter((step) => step.apply)
    .map(({ kind, name, action, details }) => {
      const missing = action === 'delete' ? 'it is still there' : 'it is not there';
      const what = details.length === 0 ? missing : details.join('; ');
      return oneLine(`Grafana said yes and did not keep it: ${kind} "${name}" (${what})`);
    });
}

function headText({ address, version, organisation: { id, name } }: GrafanaServer): string {
  const which = version === undefined ? 'Grafana (it hides its version; taken for a new one)' : `Grafana ${version}`;
  return oneLine(`${which} at ${address}, organisation ${id} ("${name}")`);
}

function notesOn({ config }: Arguments, { features, address }: { features: Features; address: string }): string[] {
  const notes: string[] = [];
  if (!isSafeUrl(address)) notes.push('the token travels unencrypted: whoever listens can use it');
  if (!features.keepsFiring)
    notes.push('this version has no "keep firing for" (12.0): alerts end with the first good value');
  if (config.console.public_url === undefined)
    notes.push(`alerts link to ${consoleUrl(config)}: set console.public_url to where people reach the console`);
  return notes;
}

function rulesText({ healthy, waiting }: Verification): string {
  const words = `${healthy} alert rules are evaluated`;
  return waiting === 0 ? words : `${words}, ${waiting} were not yet: run it again in a minute`;
}

/** Where a collector keeps its data there is a log of who did what. */
function record({ data }: Config, { server, steps }: { server: GrafanaServer; steps: readonly Step[] }): void {
  if (!existsSync(data)) return;
  const count = (...actions: readonly Action[]) => steps.filter(({ action }) => actions.includes(action)).length;
  recordCommand(data, {
    action: 'grafana.sync',
    subject: server.address,
    after: {
      organisation: server.organisation.id,
      created: count('create'),
      changed: count('change', 'adopt'),
      deleted: count('delete'),
    },
  });
}

function asCommandError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { message } = error;
  if (error instanceof GrafanaUnreachable || (error instanceof SyncInterrupted && error.isUnreachable))
    return new NotReachable(message, { cause: error });
  const isExpected = [GrafanaAccessError, GrafanaRefused, SyncInterrupted, UnsuitableGrafana].some(
    (expected) => error instanceof expected,
  );
  return isExpected ? new CommandFailed(message, { cause: error }) : error;
}
