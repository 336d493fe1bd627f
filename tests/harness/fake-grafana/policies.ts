/** The tree of notification policies: one object, replaced as a whole, with nothing that notices a change from beside. */
import { type AlertmanagerContent, defaultPolicies, type Policy, policiesOf } from './alertmanager-document.ts';
import { type Answer, type Call, type Json, objectOf, Refusal, type Route } from './exchange.ts';
import { checkProvenance, provenanceOf } from './provenance.ts';

const path = '/api/v1/provisioning/policies';

export const policyRoutes: readonly Route[] = [
  { method: 'GET', path, permission: 'admin', answer: read },
  { method: 'PUT', path, permission: 'admin', answer: replace },
  { method: 'DELETE', path, permission: 'admin', answer: reset },
];

function read({ organisation }: Call): Answer {
  const { policies, provenances } = organisation.alertmanager.content;
  const { policies: provenance = '' } = provenances;
  return { status: 200, body: { ...policies, ...(provenance === '' ? {} : { provenance }) } };
}

async function replace(call: Call): Promise<Answer> {
  const { provenance: _, ...tree } = objectOf(call.body);
  // 9.x takes the header no notice of: the tree is locked in the user interface.
  const to = call.version.isAtLeast(10) ? provenanceOf(call) : 'api';
  await call.organisation.alertmanager.change(
    (before) => {
      checkTree(tree as Policy, before);
      checkProvenance(call, { from: before.provenances.policies ?? '', to });
      return { ...before, policies: tree as Policy, provenances: { ...before.provenances, policies: to } };
    },
    { isUnchecked: true },
  );
  return { status: 202, body: { message: 'policies updated' } };
}

async function reset({ organisation }: Call): Promise<Answer> {
  await organisation.alertmanager.change((before) => {
    const { policies: _, ...provenances } = before.provenances;
    return { ...before, policies: defaultPolicies, provenances };
  });
  return { status: 202, body: defaultPolicies };
}

function checkTree(tree: Policy, content: AlertmanagerContent): void {
  if (!tree.receiver) throw invalid('root route must specify a default receiver');
  if (hasItems(tree, 'object_matchers') || hasItems(tree, 'matchers')) {
    throw invalid('root route must not have any matchers');
  }
  if (hasItems(tree, 'mute_time_intervals')) throw invalid('root route must not have any mute time intervals');
  for (const { receiver, mute_time_intervals: timings = [] } of policiesOf(tree)) {
    if (receiver && !content.receivers.some(({ name }) => name === receiver)) {
      throw invalid(`receiver '${receiver}' does not exist`);
    }
    for (const name of timings) {
      if (!(name in content.muteTimings)) throw invalid(`mute time interval '${name}' does not exist`);
    }
  }
}

function hasItems(tree: Json, name: string): boolean {
  const value = tree[name];
  return Array.isArray(value) && value.length > 0;
}

function invalid(reason: string): Refusal {
  return new Refusal(400, `invalid object specification: ${reason}`);
}
