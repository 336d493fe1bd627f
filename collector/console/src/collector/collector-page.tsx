import type { CollectorView } from '../../../src/http/collector-schemas.ts';
import { getJson } from '../api.ts';
import { Tabs } from '../incidents/tabs.tsx';
import { Fact } from '../parts/fact.tsx';
import { ErrorNotice, Notice } from '../parts/notice.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Since } from '../parts/relative-time.tsx';
import { MarkedWord } from '../parts/state-mark.tsx';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import { useRefreshed } from '../use-refreshed.ts';
import { type LoadGroup, loadGroups } from './load-values.ts';
import { problemWords } from './problem-words.ts';

const path = '/api/v1/collector';
const everyMs = 10_000;

/** How the collector itself does. */
export function CollectorPage() {
  const { t } = useTexts();
  const load = (signal: AbortSignal) => getJson<CollectorView>(path, signal);
  const { data, error, reload } = useRefreshed(path, load, { everyMs });
  return (
    <>
      <Tabs />
      <PageHead title={t('collector')} hint={t('collectorHint')} />
      {error && (!data || error.status !== 0) && <ErrorNotice error={error} onRetry={reload} />}
      {!data && !error && <Notice title={t('loading')} />}
      {data && <Health view={data} />}
    </>
  );
}

function Health(props: { readonly view: CollectorView }) {
  const { t, format } = useTexts();
  const { view } = props;
  return (
    <ul class="cards">
      <li class="card" data-collector={stateOf(view)}>
        <header class="card-head">
          <h2>{t('collectorState')}</h2>
          <span class="card-action">
            <MarkedWord mark={marks[stateOf(view)]} word={words[stateOf(view)]} />
          </span>
        </header>
        <dl class="fact-row">
          <Fact name={t('collectorVersion')}>{safeText(view.version)}</Fact>
          <Fact name={t('collectorRunning')}>
            <Since at={view.started_at} />
          </Fact>
          <Fact name={t('collectorStore')}>{view.store === 'influxdb' ? 'InfluxDB' : 'SQLite'}</Fact>
          {view.measured_at !== undefined && (
            <Fact name={t('collectorMeasured')}>{format.timeWithSeconds(Date.parse(view.measured_at))}</Fact>
          )}
        </dl>
      </li>
      {view.problems.map((problem) => (
        <Problem key={`${problem.code} ${problem.facts.name ?? ''}`} problem={problem} />
      ))}
      {view.values && loadGroups.map((group) => <Group key={group.title} group={group} values={view.values ?? {}} />)}
    </ul>
  );
}

function Problem(props: { readonly problem: CollectorView['problems'][number] }) {
  const texts = useTexts();
  const { problem } = props;
  const { text, action } = problemWords(problem, texts);
  return (
    <li class="card" data-problem={problem.code}>
      <header class="card-head">
        <h2>{safeText(text)}</h2>
        <span class="card-action">
          {problem.severity === 'critical' ? (
            <MarkedWord mark="offline" word="severityCritical" />
          ) : (
            <MarkedWord mark="late" word="severityWarning" />
          )}
        </span>
      </header>
      <p>{action}</p>
      {problem.code === 'store' && <p class="hint">{safeText(problem.facts.error ?? '')}</p>}
    </li>
  );
}

function Group(props: { readonly group: LoadGroup; readonly values: Readonly<Record<string, number>> }) {
  const { t, format, language } = useTexts();
  const { group, values } = props;
  return (
    <li class="card">
      <header class="card-head">
        <h2>{t(group.title)}</h2>
      </header>
      <dl class="fact-row">
        {group.values.map(({ field, name, write }) => {
          const value = values[field];
          return (
            <Fact key={field} name={name[language]}>
              {value === undefined ? t('unknown') : write(value, format)}
            </Fact>
          );
        })}
      </dl>
    </li>
  );
}

const marks = { ready: 'online', warned: 'late', failing: 'offline' } as const;
const words = { ready: 'collectorReady', warned: 'collectorWarned', failing: 'collectorNotReady' } as const;

function stateOf({ ready, problems }: CollectorView): 'ready' | 'warned' | 'failing' {
  if (!ready) return 'failing';
  return problems.length > 0 ? 'warned' : 'ready';
}
