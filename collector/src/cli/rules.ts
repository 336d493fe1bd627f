import { ruleById, rules } from '@vonggac/shared';
import type { RuleList, RuleWithInstances } from '../http/rule-schemas.ts';
import { getFromCollector } from './api-client.ts';
import {
  type Arguments,
  type Command,
  CommandFailed,
  exitCodes,
  localTime,
  plain,
  print,
  readArguments,
  table,
  UsageError,
} from './command.ts';

const usage = 'rules [list | show ID] [--url URL]';

/** `vonggac rules`: what is alerted of, and what fires now. */
export const rulesCommand: Command = {
  usage,
  summary: 'alert rules and what fires now: list, show',
  async run(args) {
    const parsed = readArguments(args, { usage, flags: { url: 'string' } });
    const [action = 'list', id, ...others] = parsed.positionals;
    if (others.length > 0) throw new UsageError(`usage: vonggac ${usage}`);
    if (action === 'list' && id === undefined) return list(parsed);
    if (action === 'show' && id !== undefined) return show(parsed, id);
    throw new UsageError(`usage: vonggac ${usage}`);
  },
};

async function list(args: Arguments): Promise<number> {
  const answer = (await getFromCollector(args, '/api/v1/rules')) as RuleList;
  const rows = answer.items.map(({ id, severity, scope, title, counts }) => [
    id,
    severity,
    scope,
    ...[counts.firing + counts.recovering, counts.pending, counts.normal, counts['no-data']].map(String),
    title.en,
  ]);
  const head = ['ID', 'SEVERITY', 'SCOPE', 'FIRING', 'PENDING', 'NORMAL', 'NO DATA', 'TITLE'];
  print(args, { value: answer, text: table(head, rows) });
  return exitCodes.done;
}

async function show(args: Arguments, id: string): Promise<number> {
  // Known before anybody is asked: it would be part of an address.
  if (!ruleById(id)) {
    const near = rules.filter((rule) => rule.id.includes(id)).map((rule) => rule.id);
    const hint = near.length > 0 ? `did you mean ${near.join(', ')}?` : 'see "vonggac rules list"';
    throw new CommandFailed(`there is no rule ${id}: ${hint}`);
  }
  const rule = (await getFromCollector(args, `/api/v1/rules/${id}`)) as RuleWithInstances;
  const rows = rule.instances.map(({ host, agent, unit, tags, state, since, value }) => [
    state,
    host ?? '',
    agent ?? '',
    unit ?? '',
    Object.values(tags).join(' '),
    value === undefined ? '' : `${value}`,
    localTime(Date.parse(since)),
  ]);
  const instances =
    rows.length === 0 ? 'no series is known' : table(['STATE', 'HOST', 'AGENT', 'UNIT', 'OF', 'VALUE', 'SINCE'], rows);
  const text = [
    `rule ${rule.id} (${rule.severity}, ${rule.scope}): ${rule.title.en}`,
    `${rule.reduce} of ${rule.measurement}.${rule.field} over ${rule.window_seconds} s, ${conditionText(rule.condition)} for ${rule.pending_seconds} s`,
    ...(rule.tells === undefined ? [] : [`incidents of it are opened as ${rule.tells}`]),
    '',
    instances,
    '',
    rule.runbook.en,
  ]
    .flatMap((part) => part.split('\n'))
    .map(plain)
    .join('\n');
  print(args, { value: rule, text });
  return exitCodes.done;
}

function conditionText(condition: RuleWithInstances['condition']): string {
  switch (condition.kind) {
    case 'above':
    case 'below':
      return `${condition.kind} ${condition.threshold} (over at ${condition.recovers})`;
    case 'is':
      return `is ${condition.value}`;
    case 'outside':
      return `outside ${condition.low} to ${condition.high}`;
  }
}
