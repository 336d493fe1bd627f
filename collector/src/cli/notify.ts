import { randomUUID } from 'node:crypto';
import { Zone } from '../calendar/zone.ts';
import { destinationOf, senderFor } from '../notify/channel.ts';
import { testContent } from '../notify/content.ts';
import { Notifications } from '../notify/notifications-file.ts';
import { createSurroundings } from '../notify/surroundings.ts';
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

const usage = 'notify [list | channels | test CHANNEL]';
const maxListed = 100;

/** `vonggac notify`: who was told of incidents, and whether a channel works. */
export const notifyCommand: Command = {
  usage,
  summary: 'messages about incidents: list the newest, show the channels, send a test through one',
  async run(args) {
    const parsed = readArguments(args, { usage });
    const [action = 'list', channel, ...others] = parsed.positionals;
    const isKnown = ['list', 'channels'].includes(action) ? channel === undefined : action === 'test' && channel;
    if (!isKnown || others.length > 0) throw new UsageError(`usage: vonggac ${usage}`);
    if (channel !== undefined) return test(parsed, channel);
    const notifications = new Notifications(parsed.config.data);
    try {
      return action === 'list' ? list(parsed, notifications) : channels(parsed, notifications);
    } finally {
      notifications.stop();
    }
  },
};

function list(args: Arguments, notifications: Notifications): number {
  const found = notifications.list({ limit: maxListed });
  const rows = found.map(({ createdAt, channel, event, state, attempts, content, detail }) => [
    localTime(createdAt),
    channel,
    event,
    state,
    `${attempts}`,
    content.subject,
    detail ?? '',
  ]);
  const items = found.map(({ id, createdAt, doneAt, channel, event, state, attempts, incidents, content, detail }) => ({
    id,
    channel,
    event,
    state,
    attempts,
    incidents,
    subject: content.subject,
    created_at: new Date(createdAt).toISOString(),
    done_at: doneAt === undefined ? null : new Date(doneAt).toISOString(),
    detail: detail ?? null,
  }));
  const header = ['WRITTEN', 'CHANNEL', 'WHAT', 'STATE', 'TRIES', 'SUBJECT', 'ANSWER'];
  print(args, { value: { items }, text: rows.length === 0 ? 'nothing was told yet' : table(header, rows) });
  return exitCodes.done;
}

function channels(args: Arguments, notifications: Notifications): number {
  const items = Object.entries(args.config.notify.channels).map(([name, settings]) => ({
    name,
    kind: settings.kind,
    destination: destinationOf(settings),
    counts: notifications.counts(name),
  }));
  const rows = items.map(({ name, kind, destination, counts }) => [
    name,
    kind,
    destination,
    ...[counts.waiting, counts.sent, counts.failed, counts.dropped].map(String),
  ]);
  const header = ['CHANNEL', 'KIND', 'TO', 'WAITING', 'SENT', 'FAILED', 'DROPPED'];
  const none = 'no channel is configured: see docs/operations/notifications.md';
  print(args, { value: { items }, text: rows.length === 0 ? none : table(header, rows) });
  return exitCodes.done;
}

/** Sends at once and from here, whether a collector runs or not. */
async function test(args: Arguments, name: string): Promise<number> {
  const { channels } = args.config.notify;
  const settings = Object.hasOwn(channels, name) ? channels[name] : undefined;
  if (!settings) {
    const known = Object.keys(channels).join(', ');
    throw new CommandFailed(
      `there is no channel ${name}: ${known ? `there are ${known}` : 'the configuration has none'}`,
    );
  }
  const now = Date.now();
  const surroundings = createSurroundings({
    live: { get: () => undefined },
    units: { all: () => [], list: () => [] },
    planned: { plannedAt: () => undefined },
    zone: new Zone(args.config.calendar.time_zone),
    consoleUrl: args.config.console.public_url,
  });
  const content = testContent(name, surroundings.writing(settings.language), now);
  const message = { uid: randomUUID(), event: 'test', thread: undefined, content, createdAt: now } as const;
  const { state, detail, isUnreachable } = await senderFor(settings)(message);
  const to = destinationOf(settings);
  const isSent = state === 'sent';
  const text = isSent ? `sent to ${to}: ${plain(detail)}` : `could not be sent to ${to}: ${plain(detail)}`;
  print(args, { value: { channel: name, sent: isSent, destination: to, detail }, text });
  if (isSent) return exitCodes.done;
  return isUnreachable ? exitCodes.notReachable : exitCodes.failed;
}
