import { useEffect, useState } from 'preact/hooks';
import type { AgentWithPoints, CatalogueAnswer } from '../../../src/http/schemas.ts';
import { getJson } from '../api.ts';
import { ChartCard } from '../charts/chart-card.tsx';
import { chartDefinitions } from '../charts/chart-definitions.ts';
import { findTimeRange, timeRanges } from '../charts/time-range.ts';
import { useSamples } from '../charts/use-samples.ts';
import { ConnectivityCards } from '../connectivity/connectivity-cards.tsx';
import type { LiveEvent } from '../live/live-stream.ts';
import { useLive } from '../live/use-live.ts';
import { OutagesCard } from '../outages/outages-card.tsx';
import { ErrorNotice, Notice } from '../parts/notice.tsx';
import { ProtectionCard } from '../protection/protection-card.tsx';
import { Link, machinePath, navigate, useAddress } from '../router.tsx';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import { useFetched } from '../use-fetched.ts';
import { useUnits } from '../use-units.ts';
import { FileSystemsCard } from './file-systems-card.tsx';
import { HardwareCard } from './hardware-card.tsx';
import { headline } from './headlines.ts';
import { InventoryCard } from './inventory-card.tsx';
import { MachineHead } from './machine-head.tsx';
import { useMachine } from './use-machine.ts';

const cataloguePath = '/api/v1/catalogue';

/** One machine: what it is, how it is, and how it was. */
export function MachinePage(props: { readonly id: string; readonly listAddress: string }) {
  const { t } = useTexts();
  const { machine, error, reload, take } = useMachine(props.id);
  if (machine) return <KnownMachine machine={machine} listAddress={props.listAddress} reload={reload} take={take} />;
  if (error?.status === 404) {
    return (
      <Notice title={t('machineUnknown')}>
        <Link to="/" class="button">
          {t('backToMachines')}
        </Link>
      </Notice>
    );
  }
  return error ? <ErrorNotice error={error} onRetry={reload} /> : <Notice title={t('loading')} />;
}

function KnownMachine(props: {
  readonly machine: AgentWithPoints;
  readonly listAddress: string;
  readonly reload: () => void;
  readonly take: (event: LiveEvent) => void;
}) {
  const { t, format } = useTexts();
  const { machine } = props;
  const { id } = machine;
  const [openedAt] = useState(Date.now);
  const range = findTimeRange(useAddress().query.get('range'), openedAt - Date.parse(machine.enrolled_at));
  const samples = useSamples(id, range);
  const { nameOf } = useUnits();
  const catalogue = useFetched(cataloguePath, (signal) => getJson<CatalogueAnswer>(cataloguePath, signal));

  useLive(
    { agents: [id], points: 'all' },
    {
      onEvent(event) {
        props.take(event);
        if (event.type === 'points') samples.take(event.data.points ?? []);
      },
      onGap() {
        props.reload();
        samples.reload();
        if (!catalogue.data) catalogue.reload();
      },
    },
  );

  const name = safeText(machine.name) || id;
  useEffect(() => {
    document.title = `${name} · Vọng Gác`;
  }, [name]);

  const chartOf = (definition: (typeof chartDefinitions)[number]) => (
    <ChartCard
      key={definition.name}
      definition={definition}
      samples={samples.samples}
      gaps={samples.gaps}
      range={range}
      catalogue={catalogue.data}
      headline={headline(definition.name, machine, { t, format })}
    />
  );
  const charts = chartDefinitions.filter(({ measurement }) => measurement !== 'connectivity').map(chartOf);
  // What a gateway is there for comes first.
  const isGateway = machine.class === 'gateway';
  const connectivity = (
    <ConnectivityCards machine={machine}>
      {chartDefinitions.filter(({ measurement }) => measurement === 'connectivity').map(chartOf)}
    </ConnectivityCards>
  );

  return (
    <>
      <MachineHead
        machine={machine}
        name={name}
        unitName={nameOf(machine.unit)}
        listAddress={props.listAddress}
        onChanged={props.reload}
      />
      <RangeSwitch current={range.name} id={id} />
      {samples.error && (!samples.samples || samples.error.status !== 0) && (
        <ErrorNotice error={samples.error} onRetry={samples.reload} />
      )}
      <div class="cards" data-past={machine.state !== 'online' && machine.state !== 'late'}>
        {isGateway && connectivity}
        <ProtectionCard machine={machine} />
        <OutagesCard agent={machine.id} />
        {charts}
        <FileSystemsCard points={machine.points} />
        <HardwareCard points={machine.points} />
        {!isGateway && connectivity}
        <InventoryCard points={machine.points} catalogue={catalogue.data} />
      </div>
    </>
  );
}

function RangeSwitch(props: { readonly current: string; readonly id: string }) {
  const { t } = useTexts();
  return (
    <fieldset class="segments range-switch">
      <legend class="visually-hidden">{t('timeRange')}</legend>
      {timeRanges.map(({ name, text }) => (
        <button
          key={name}
          type="button"
          aria-pressed={name === props.current}
          onClick={() => navigate(`${machinePath(props.id)}?range=${name}`, { replace: true })}
        >
          {t(text)}
        </button>
      ))}
    </fieldset>
  );
}
