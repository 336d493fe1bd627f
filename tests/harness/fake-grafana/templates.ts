/** Notification templates, put by name. What defines nothing is wrapped into a definition of that name. */
import { createHash } from 'node:crypto';
import { type Answer, type Call, type Json, objectOf, Refusal, type Route, textOf } from './exchange.ts';
import { checkProvenance, provenanceOf } from './provenance.ts';

const base = '/api/v1/provisioning/templates';

export const templateRoutes: readonly Route[] = [
  { method: 'GET', path: base, permission: 'admin', answer: list },
  { method: 'GET', path: `${base}/:name`, permission: 'admin', answer: read },
  { method: 'PUT', path: `${base}/:name`, permission: 'admin', answer: upsert },
  { method: 'DELETE', path: `${base}/:name`, permission: 'admin', answer: remove },
];

function list(call: Call): Answer {
  const names = Object.keys(call.organisation.alertmanager.content.templates);
  return { status: 200, body: names.map((name) => shown(call, name)) };
}

function read(call: Call): Answer {
  const name = call.parameters.name ?? '';
  if (!(name in call.organisation.alertmanager.content.templates)) throw notFound();
  return { status: 200, body: shown(call, name) };
}

async function upsert(call: Call): Promise<Answer> {
  const name = call.parameters.name ?? '';
  const given = objectOf(call.body);
  const template = checked(textOf(given, 'template'), name);
  await call.organisation.alertmanager.change((before) => {
    const known = call.version.isAtLeast(11) ? textOf(given, 'version') : '';
    const isThere = name in before.templates;
    if (known !== '' && !isThere) throw notFound();
    if (known !== '' && known !== shown(call, name).version) {
      const text = 'the template has been changed since it was read';
      throw new Refusal(409, text, { messageId: 'alerting.notifications.conflict' });
    }
    const key = `template/${name}`;
    const provenance = provenanceOf(call);
    checkProvenance(call, { from: isThere ? (before.provenances[key] ?? '') : '', to: provenance });
    const provenances = { ...before.provenances, [key]: provenance };
    return { ...before, provenances, templates: { ...before.templates, [name]: template } };
  });
  return { status: 202, body: shown(call, name) };
}

async function remove(call: Call): Promise<Answer> {
  const name = call.parameters.name ?? '';
  await call.organisation.alertmanager.change((before) => {
    if (!(name in before.templates)) return before;
    checkProvenance(call, { from: before.provenances[`template/${name}`] ?? '', to: provenanceOf(call) });
    const { [name]: _, ...templates } = before.templates;
    return { ...before, templates };
  });
  return { status: 204 };
}

/** As much of a parser of Go's templates as tells the usual mistakes. */
function checked(text: string, name: string): string {
  const content = text.trim();
  if (content === '') throw invalid('template must have content');
  const actions = [...content.matchAll(/\{\{-?\s*(.*?)\s*-?\}\}/gs)].map(([, action = '']) => action);
  const opened = content.split('{{').length - 1;
  if (opened !== actions.length || content.split('}}').length !== content.split('{{').length) {
    throw invalid(`template: ${name}: unclosed action`);
  }
  let depth = 0;
  for (const action of actions) {
    if (/^(?:if|range|with|define|block)\b/.test(action)) depth += 1;
    if (/^end\b/.test(action)) depth -= 1;
    if (depth < 0) throw invalid(`template: ${name}: unexpected {{end}}`);
  }
  if (depth > 0) throw invalid(`template: ${name}: unexpected EOF`);
  if (actions.some((action) => action.startsWith('define'))) return content;
  const lines = content.split('\n').map((line) => `  ${line}`);
  return `{{ define "${name}" }}\n${lines.join('\n')}\n{{ end }}`;
}

function notFound(): Refusal {
  return new Refusal(404, 'Not found', { messageId: 'alerting.notifications.templates.notFound' });
}

function invalid(reason: string): Refusal {
  const messageId = 'alerting.notifications.templates.invalidFormat';
  return new Refusal(400, `Invalid format of the submitted template: ${reason}`, { messageId });
}

function shown({ organisation, version }: Call, name: string): Json {
  const { templates, provenances } = organisation.alertmanager.content;
  const template = templates[name] ?? '';
  // Older ones know and do not tell.
  const provenance = version.isAtLeast(10) ? provenances[`template/${name}`] : '';
  const hash = createHash('sha256').update(template).digest('hex').slice(0, 16);
  return {
    name,
    template,
    ...(version.isAtLeast(11) ? { version: hash } : {}),
    ...(provenance ? { provenance } : {}),
  };
}
