import type { IncidentView } from '../../../src/http/incident-schemas.ts';
import type { AgentList } from '../../../src/http/schemas.ts';
import { getJson, withQuery } from '../api.ts';
import { Link, linkPath, machinePath, unitPath } from '../router.tsx';
import { safeText } from '../text/safe-text.ts';
import { useFetched } from '../use-fetched.ts';

/** What an incident is about, with the way to its page. */
export function IncidentSubject(props: { readonly incident: Pick<IncidentView, 'kind' | 'subject' | 'unit'> }) {
  const { kind, subject } = props.incident;
  if (kind === 'clone') return <MachineLink id={subject} />;
  if (kind === 'service-down') return <PlainLink to="/services" text={subject} />;
  const [unit = '', rest = ''] = subject.split(/\/(.*)/);
  if (kind === 'link-down' || kind === 'link-degraded') return <PlainLink to={linkPath(unit, rest)} text={rest} />;
  if (kind === 'service-unreachable') return <PlainLink to="/services" text={rest} />;
  // The day of a unit, as in 2026-11-23.
  if (kind === 'new-device') return <PlainLink to={unitPath(unit)} text={rest.split('-').reverse().join('/')} />;
  return <bdi>{safeText(subject)}</bdi>;
}

function PlainLink(props: { readonly to: string; readonly text: string }) {
  return (
    <Link to={props.to}>
      <bdi>{safeText(props.text)}</bdi>
    </Link>
  );
}

/** The machine by its name, which the incident does not know. */
function MachineLink(props: { readonly id: string }) {
  const path = withQuery('/api/v1/agents', { q: props.id, limit: 10 });
  const { data } = useFetched(path, (signal) => getJson<AgentList>(path, signal));
  const machine = data?.items.find(({ id }) => id === props.id);
  return <PlainLink to={machinePath(props.id)} text={safeText(machine?.name ?? '') || props.id} />;
}
