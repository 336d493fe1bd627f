import type { IncidentView } from '../../../src/http/incident-schemas.ts';
import type { AgentList } from '../../../src/http/schemas.ts';
import { getJson, withQuery } from '../api.ts';
import { malwareAddress } from '../protection/malware-filter.ts';
import { protectionAddress } from '../protection/protection-filter.ts';
import { Link, linkPath, machinePath, unitPath } from '../router.tsx';
import type { PlainTextKey } from '../text/dictionary.ts';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import { useFetched } from '../use-fetched.ts';

/** Parts of the collector that may be in trouble. */
const troubleTexts: Readonly<Record<string, PlainTextKey>> = {
  store: 'collectorStore',
  disk: 'troubleDisk',
  'event-loop': 'troubleLoop',
  ingest: 'collectorWriting',
  memory: 'troubleMemory',
  certificate: 'troubleCertificate',
};

/** Before the name of a channel of notifications that is in trouble. */
const channelPrefix = 'notify/';

/** What an incident is about, with the way to its page. */
export function IncidentSubject(props: {
  readonly incident: Pick<IncidentView, 'kind' | 'rule' | 'subject' | 'unit'>;
}) {
  const { t } = useTexts();
  const { kind, subject } = props.incident;
  if (kind === 'clone' || kind === 'compromise-hint') return <MachineLink id={subject} />;
  if (kind === 'machine-offline' || kind === 'agent-stopped') return <MachineLink id={subject} />;
  if (kind === 'unit-unreachable') return <PlainLink to={unitPath(subject)} text={subject} />;
  if (kind === 'clock-wrong') return <MachineLink id={subject} />;
  if (kind === 'collector-trouble' && subject.startsWith(channelPrefix)) {
    return <PlainLink to="/collector" text={t('troubleChannel', { name: subject.slice(channelPrefix.length) })} />;
  }
  if (kind === 'collector-trouble') return <PlainLink to="/collector" text={t(troubleTexts[subject] ?? 'collector')} />;
  if (kind === 'service-down') return <PlainLink to="/services" text={subject} />;
  if (kind === 'outbreak') return <PlainLink to={malwareAddress({ name: subject })} text={subject} />;
  if (kind === 'unprotected') return <Unprotected subject={subject} unit={props.incident.unit} />;
  if (props.incident.rule)
    return <RuleSubject {...props.incident} isMachine={props.incident.rule.scope === 'machine'} />;
  const [unit = '', rest = ''] = subject.split(/\/(.*)/);
  if (kind === 'malware') return <MalwareSubject agent={unit} threat={rest} />;
  // All lines of the unit.
  if (kind === 'link-down' && rest === '') return <PlainLink to={unitPath(unit)} text={unit} />;
  if (kind === 'link-down' || kind === 'link-degraded') return <PlainLink to={linkPath(unit, rest)} text={rest} />;
  if (kind === 'service-unreachable') return <PlainLink to="/services" text={rest} />;
  // The day of a unit, as in 2026-11-23.
  if (kind === 'new-device') return <PlainLink to={unitPath(unit)} text={rest.split('-').reverse().join('/')} />;
  return <bdi>{safeText(subject)}</bdi>;
}

/** The machine, and the threat on it or that there are many. */
function MalwareSubject(props: { readonly agent: string; readonly threat: string }) {
  const { t } = useTexts();
  const { agent, threat } = props;
  const isMany = threat === 'many';
  return (
    <>
      <MachineLink id={agent} />
      {' · '}
      <PlainLink
        to={malwareAddress(isMany ? { agent } : { agent, name: threat })}
        text={isMany ? t('incidentManyThreats') : threat}
      />
    </>
  );
}

/** A machine, or the unit of which many fire; otherwise a thing with a name. */
function RuleSubject(props: {
  readonly subject: string;
  readonly unit?: string | undefined;
  readonly isMachine: boolean;
}) {
  const { subject, unit } = props;
  if (subject === unit) return <PlainLink to={unitPath(unit)} text={unit} />;
  if (props.isMachine) return <MachineLink id={subject} />;
  return <bdi>{safeText(subject)}</bdi>;
}

/** A server, or the PCs of a unit. */
function Unprotected(props: { readonly subject: string; readonly unit: string | undefined }) {
  const { subject, unit } = props;
  if (subject !== unit) return <MachineLink id={subject} />;
  return <PlainLink to={protectionAddress({ unit, levels: ['unprotected'] })} text={subject} />;
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
