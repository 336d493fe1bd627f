import type { AgentWithPoints } from '../../../src/http/schemas.ts';
import { withQuery } from '../api.ts';
import { classTexts } from '../parts/class-texts.ts';
import { Fact } from '../parts/fact.tsx';
import { Ago, Since } from '../parts/relative-time.tsx';
import { StateLabel } from '../parts/state-mark.tsx';
import { Link } from '../router.tsx';
import { useMay } from '../session.ts';
import { type Texts, useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import { newestNumber } from './headlines.ts';
import { RevokeMachine } from './revoke-machine.tsx';

/** Below this, a clock is as good as exact for reading charts and logs. */
const exactSeconds = 0.5;

function operatingSystem(machine: AgentWithPoints): string {
  const fields = machine.points.find((point) => point.measurement === 'inventory')?.fields;
  const known = [fields?.os_name, fields?.os_version].filter((text) => typeof text === 'string').join(' ');
  return safeText(known || machine.platform);
}

function clockText(offsetSeconds: number | undefined, { t, format }: Texts): string {
  if (offsetSeconds === undefined) return t('unknown');
  const size = Math.abs(offsetSeconds);
  if (size < exactSeconds) return t('clockExact');
  const offset = size < 10 ? `${format.number(size, 1)} s` : format.duration(size * 1_000);
  // The offset is what has to be added to the machine's clock: positive when it is behind.
  return offsetSeconds > 0 ? t('clockBehind', { offset }) : t('clockAhead', { offset });
}

function wayText({ kind, address, relay }: NonNullable<AgentWithPoints['way']>, t: Texts['t']): string {
  if (kind === 'direct') return t('wayDirect');
  const name = safeText(relay?.name ?? address);
  return t(kind === 'via' ? 'wayVia' : 'wayRelay', { name });
}

/** Who the machine is and how it stands. */
export function MachineHead(props: {
  readonly machine: AgentWithPoints;
  readonly name: string;
  readonly unitName: string;
  readonly listAddress: string;
  readonly onChanged: () => void;
}) {
  const texts = useTexts();
  const { t, format } = texts;
  const { machine } = props;
  const may = useMay();
  const uptime = newestNumber(machine.points, { measurement: 'system', field: 'uptime_seconds' });
  return (
    <header class="machine-head">
      <nav>
        <Link to={props.listAddress} class="back-link">
          ‹ {t('backToMachines')}
        </Link>
      </nav>
      <div class="machine-title">
        <h1>
          <bdi>{props.name}</bdi>
        </h1>
        <span class="machine-state" data-state={machine.state}>
          <StateLabel state={machine.state} /> <Since at={machine.state_since} />
        </span>
        {may('operate') && machine.state !== 'retired' && (
          <Link to={withQuery('/maintenance', { agent: machine.id })} class="button">
            {t('maintenanceAdd')}
          </Link>
        )}
        {may('enrol') && machine.state !== 'retired' && (
          <RevokeMachine id={machine.id} name={props.name} onRevoked={props.onChanged} />
        )}
      </div>
      <dl class="facts">
        <Fact name={t('unit')}>{props.unitName}</Fact>
        <Fact name={t('class')}>{t(classTexts[machine.class])}</Fact>
        <Fact name={t('operatingSystem')}>{operatingSystem(machine)}</Fact>
        <Fact name={t('lastSeen')}>{machine.last_seen ? <Ago at={machine.last_seen} /> : t('neverSeen')}</Fact>
        {machine.state === 'online' && uptime !== undefined && (
          <Fact name={t('runningFor')}>{format.duration(uptime * 1_000)}</Fact>
        )}
        <Fact name={t('clockOffset')}>{clockText(machine.clock_offset_seconds, texts)}</Fact>
        {machine.way && <Fact name={t('agentWay')}>{wayText(machine.way, t)}</Fact>}
        <Fact name={t('agentVersion')}>{safeText(machine.version)}</Fact>
        <Fact name={t('enrolledAt')}>{format.dateTime(Date.parse(machine.enrolled_at))}</Fact>
        <Fact name={t('machineId')}>
          <code>{machine.id}</code>
        </Fact>
      </dl>
    </header>
  );
}
