/**
 * Contact points: integrations by uid, gathered under a name, which is what routes to them. Without a uid each POST adds one
 * more. Secrets come back as `[REDACTED]`, and that text sent back keeps them.
 */
import type { AlertmanagerContent, Integration, Receiver } from './alertmanager-document.ts';
import { policiesOf } from './alertmanager-document.ts';
import { type Answer, type Call, type Json, objectOf, Refusal, type Route, textOf } from './exchange.ts';
import { newUid, sorted } from './go-json.ts';
import { checkProvenance, provenanceOf } from './provenance.ts';

const base = '/api/v1/provisioning/contact-points';
const redacted = '[REDACTED]';

export const contactPointRoutes: readonly Route[] = [
  { method: 'GET', path: base, permission: 'admin', answer: list },
  { method: 'POST', path: base, permission: 'admin', answer: create },
  { method: 'PUT', path: `${base}/:uid`, permission: 'admin', answer: update },
  { method: 'DELETE', path: `${base}/:uid`, permission: 'admin', answer: remove },
];

/** What each type must have, and what of it is secret. */
const types: Readonly<Record<string, { required: readonly string[]; secret: readonly string[] }>> = {
  webhook: { required: ['url'], secret: ['password', 'authorization_credentials'] },
  email: { required: ['addresses'], secret: [] },
  slack: { required: [], secret: ['url', 'token'] },
  telegram: { required: ['bottoken', 'chatid'], secret: ['bottoken'] },
  teams: { required: ['url'], secret: [] },
  pagerduty: { required: ['integrationKey'], secret: ['integrationKey'] },
  discord: { required: ['url'], secret: ['url'] },
  'prometheus-alertmanager': { required: ['url'], secret: ['basicAuthPassword'] },
  LINE: { required: ['token'], secret: ['token'] },
};

function list({ organisation, query }: Call): Answer {
  const { content } = organisation.alertmanager;
  const name = query.get('name');
  const receivers = content.receivers.filter((receiver) => name === null || receiver.name === name);
  const body = receivers.flatMap((receiver) =>
    receiver.integrations.map((integration) => shown(content, { name: receiver.name, integration })),
  );
  return { status: 200, body: body.sort((one, other) => (String(one.name) < String(other.name) ? -1 : 1)) };
}

async function create(call: Call): Promise<Answer> {
  const given = objectOf(call.body);
  const uid = textOf(given, 'uid') || newUid();
  const { name, integration } = parsed(given, { uid, before: undefined });
  const key = `contact-point/${uid}`;
  const content = await call.organisation.alertmanager.change((before) => {
    if (found(before, uid)) {
      const text = `contact point with uid '${uid}' already exists`;
      throw new Refusal(call.version.isAtLeast(11) ? 409 : 500, text);
    }
    const provenances = { ...before.provenances, [key]: provenanceOf(call) };
    return { ...before, provenances, receivers: withIntegration(before.receivers, { name, integration }) };
  });
  return { status: 202, body: shown(content, { name, integration }) };
}

async function update(call: Call): Promise<Answer> {
  const uid = call.parameters.uid ?? '';
  const key = `contact-point/${uid}`;
  await call.organisation.alertmanager.change((before) => {
    const old = found(before, uid);
    if (!old) throw new Refusal(404, `object not found: contact point with uid '${uid}' not found`);
    const { name, integration } = parsed(objectOf(call.body), { uid, before: old.integration });
    const provenance = provenanceOf(call);
    checkProvenance(call, { from: before.provenances[key] ?? '', to: provenance });
    const isRenamed = name !== old.name;
    // Renamed by its uid, it leaves the others of its name, and whatever routes to that name.
    const receivers = isRenamed
      ? withIntegration(withoutIntegration(before.receivers, uid), { name, integration })
      : before.receivers.map((receiver) => ({
          ...receiver,
          integrations: receiver.integrations.map((each) => (each.uid === uid ? integration : each)),
        }));
    return { ...before, receivers, provenances: { ...before.provenances, [key]: provenance } };
  });
  return { status: 202, body: { message: 'contactpoint updated' } };
}

async function remove(call: Call): Promise<Answer> {
  const { organisation, version } = call;
  const uid = call.parameters.uid ?? '';
  await organisation.alertmanager.change((before) => {
    const old = found(before, uid);
    if (!old) return before;
    if (version.isAtLeast(11)) {
      checkProvenance(call, { from: before.provenances[`contact-point/${uid}`] ?? '', to: provenanceOf(call) });
    }
    const receivers = withoutIntegration(before.receivers, uid);
    const isGone = receivers.every(({ name }) => name !== old.name);
    if (isGone) refuseUsed(call, { content: before, name: old.name });
    return { ...before, receivers };
  });
  return { status: 202, body: { message: 'contactpoint deleted' } };
}

function refuseUsed(call: Call, { content, name }: { content: AlertmanagerContent; name: string }): void {
  const { organisation, version } = call;
  if (policiesOf(content.policies).some(({ receiver }) => receiver === name)) {
    const text = version.isAtLeast(11)
      ? 'Contact point is currently referenced by a notification policy.'
      : `contact point '${name}' is currently used by a notification policy`;
    const messageId = 'alerting.notifications.contact-points.referenced';
    throw new Refusal(version.isAtLeast(11) ? 409 : 500, text, { messageId });
  }
  const isInRule = [...organisation.rules.values()].some(
    ({ rule }) => (rule.notification_settings as Json | undefined)?.receiver === name,
  );
  if (!isInRule) return;
  throw new Refusal(409, 'Contact point is currently used in the notification settings of one or many alert rules.', {
    messageId: 'alerting.notifications.contact-points.used-by-rule',
  });
}

function parsed(
  given: Json,
  { uid, before }: { uid: string; before: Integration | undefined },
): { name: string; integration: Integration } {
  const name = textOf(given, 'name');
  const type = textOf(given, 'type');
  const settings = objectOf(given.settings ?? {});
  const form = types[type];
  if (name === '') throw invalid('name is missing');
  if (!form) throw invalid(`unknown receiver type "${type}"`);
  const secrets: Record<string, string> = {};
  const open: Json = {};
  for (const [key, value] of Object.entries(settings)) {
    if (!form.secret.includes(key)) open[key] = value;
    else if (value === redacted) secrets[key] = before?.secrets[key] ?? '';
    else secrets[key] = String(value);
  }
  for (const key of form.required) {
    const value = open[key] ?? secrets[key] ?? '';
    if (value === '') throw invalid(`required field '${key}' is not specified`);
  }
  const disableResolveMessage = given.disableResolveMessage === true;
  return { name, integration: { uid, type, disableResolveMessage, settings: sorted(open), secrets } };
}

function invalid(reason: string): Refusal {
  return new Refusal(400, `invalid object specification: ${reason}`);
}

function found(content: AlertmanagerContent, uid: string): { name: string; integration: Integration } | undefined {
  for (const { name, integrations } of content.receivers) {
    const integration = integrations.find((each) => each.uid === uid);
    if (integration) return { name, integration };
  }
  return undefined;
}

function withIntegration(
  receivers: readonly Receiver[],
  { name, integration }: { name: string; integration: Integration },
): readonly Receiver[] {
  if (receivers.every((receiver) => receiver.name !== name))
    return [...receivers, { name, integrations: [integration] }];
  return receivers.map((receiver) =>
    receiver.name === name ? { ...receiver, integrations: [...receiver.integrations, integration] } : receiver,
  );
}

function withoutIntegration(receivers: readonly Receiver[], uid: string): readonly Receiver[] {
  return receivers
    .map((receiver) => ({ ...receiver, integrations: receiver.integrations.filter((each) => each.uid !== uid) }))
    .filter(({ integrations }) => integrations.length > 0);
}

function shown(content: AlertmanagerContent, { name, integration }: { name: string; integration: Integration }): Json {
  const { uid, type, disableResolveMessage, settings, secrets } = integration;
  const hidden = Object.keys(secrets).filter((key) => secrets[key] !== '');
  const provenance = content.provenances[`contact-point/${uid}`] ?? '';
  return {
    uid,
    name,
    type,
    settings: sorted({ ...settings, ...Object.fromEntries(hidden.map((key) => [key, redacted])) }),
    disableResolveMessage,
    ...(provenance === '' ? {} : { provenance }),
  };
}
