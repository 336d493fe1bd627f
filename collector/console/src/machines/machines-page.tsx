import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { AgentList, Summary } from '../../../src/http/schemas.ts';
import { getJson } from '../api.ts';
import { useLive } from '../live/use-live.ts';
import { ErrorNotice, Notice } from '../parts/notice.tsx';
import { navigate, useAddress } from '../router.tsx';
import { useTexts } from '../text/language.tsx';
import { useFetched } from '../use-fetched.ts';
import { useThrottled } from '../use-throttled.ts';
import { useUnits } from '../use-units.ts';
import { FilterBar } from './filter-bar.tsx';
import { filterAddress, isNarrowed, listPath, type MachineFilter, parseFilter, summaryPath } from './machine-filter.ts';
import { MachineTable } from './machine-table.tsx';
import { Pager } from './pager.tsx';
import { StateCounts } from './state-counts.tsx';
import { useLiveRows } from './use-live-rows.ts';

/** The list is asked for anew at most this often when machines change their state. */
const reloadEveryMs = 3_000;

/** All machines with their state and their most telling values, live. */
export function MachinesPage() {
  const { t } = useTexts();
  const filter = parseFilter(useAddress().query);
  const path = listPath(filter);
  const countsPath = summaryPath(filter);
  const list = useFetched(path, (signal) => getJson<AgentList>(path, signal), { keep: true });
  const summary = useFetched(countsPath, (signal) => getJson<Summary>(countsPath, signal), { keep: true });
  const { units, nameOf } = useUnits();
  const { rows, take } = useLiveRows(list.data?.items);
  const [liveSummary, setLiveSummary] = useState<Summary>();
  const previousPages = useRef(new Map<string, MachineFilter>());

  const reload = useThrottled(reloadEveryMs, () => {
    list.reload();
    summary.reload();
  });
  const ids = useMemo(() => list.data?.items.map((agent) => agent.id) ?? [], [list.data]);
  useLive(
    { agents: ids, points: 'none' },
    {
      onEvent(event) {
        if (event.type !== 'summary') return take(event);
        const { total, states } = event.data;
        // Machines came, went or changed: the order of the list and the counts behind a filter may be others now.
        if (liveSummary && JSON.stringify(states) !== JSON.stringify(liveSummary.states)) reload();
        setLiveSummary({ total, states });
      },
      onGap: reload,
    },
  );

  useEffect(() => {
    document.title = `${t('machines')} · Vọng Gác`;
  }, [t]);

  function change(part: Partial<MachineFilter>): void {
    navigate(filterAddress({ ...filter, after: '', from: 1, ...part }), { replace: true });
  }
  function turnPage(to: MachineFilter): void {
    navigate(filterAddress(to));
    scrollTo(0, 0);
  }
  function nextPage(after: string): void {
    previousPages.current.set(after, filter);
    turnPage({ ...filter, after, from: filter.from + (rows?.length ?? 0) });
  }

  const counts = isNarrowed(filter) ? summary.data : (liveSummary ?? summary.data);
  const next = list.data?.next;
  return (
    <>
      <h1 class="visually-hidden">{t('machines')}</h1>
      <StateCounts counts={counts} filter={filter} onChange={change} />
      <FilterBar filter={filter} units={units} onChange={change} />
      {list.error && (!rows || list.error.status !== 0) && <ErrorNotice error={list.error} onRetry={reload} />}
      {!rows && !list.error && <Notice title={t('loading')} />}
      {rows?.length === 0 && <NoMachines filter={filter} />}
      {rows && rows.length > 0 && (
        <>
          <MachineTable
            machines={rows}
            unitName={nameOf}
            sort={filter.sort}
            busy={list.loading}
            onSort={(sort) => change({ sort })}
          />
          <Pager
            from={filter.from}
            shown={rows.length}
            total={counts && totalOf(counts, filter)}
            onPrevious={
              filter.after === ''
                ? undefined
                : () => turnPage(previousPages.current.get(filter.after) ?? { ...filter, after: '', from: 1 })
            }
            onNext={next ? () => nextPage(next) : undefined}
          />
        </>
      )}
    </>
  );
}

function totalOf(counts: Summary, filter: MachineFilter): number {
  if (filter.states.length === 0) return counts.total;
  return filter.states.reduce((sum, state) => sum + counts.states[state], 0);
}

function NoMachines(props: { readonly filter: MachineFilter }) {
  const { t } = useTexts();
  if (!isNarrowed(props.filter) && props.filter.states.length === 0) {
    return (
      <Notice title={t('noMachinesYet')}>
        <p>{t('noMachinesYetHint')}</p>
      </Notice>
    );
  }
  return (
    <Notice title={t('noMachinesMatch')}>
      <button type="button" class="button" onClick={() => navigate('/')}>
        {t('clearFilters')}
      </button>
    </Notice>
  );
}
