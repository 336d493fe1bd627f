import { useState } from 'preact/hooks';
import type { IntervalView, LinkView } from '../../../src/http/link-schemas.ts';
import { getAll, getJson } from '../api.ts';
import { useServerNow } from '../live/clock.tsx';
import { Fact } from '../parts/fact.tsx';
import { ErrorNotice, Notice } from '../parts/notice.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Since } from '../parts/relative-time.tsx';
import { Link, linkPath, unitPath } from '../router.tsx';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import { linkTexts } from '../units/link-list.tsx';
import { useRefreshed } from '../use-refreshed.ts';
import { useUnits } from '../use-units.ts';
import { IntervalTable } from './interval-table.tsx';
import { writeCause } from './link-causes.ts';
import { writeAvailability, writeLoss, writeMs } from './link-numbers.ts';
import { LinkStateLabel } from './link-states.tsx';
import { MonthReport } from './month-report.tsx';
import { TimeLine } from './time-line.tsx';

const everyMs = 10_000;
const hourMs = 3_600_000;

const ranges = [
  { text: 'linkRange24h', hours: 24 },
  { text: 'linkRange7d', hours: 168 },
  { text: 'linkRange30d', hours: 720 },
] as const;

/** One line of a unit: what it is, what it was, and what the carrier is to be shown. */
export function LinkPage(props: { readonly unit: string; readonly link: string }) {
  const { t } = useTexts();
  const path = '/api/v1/links';
  const load = (signal: AbortSignal) => getJson<{ readonly items: readonly LinkView[] }>(path, signal);
  const { data, error, reload } = useRefreshed(path, load, { everyMs });
  const link = data?.items.find((each) => each.unit === props.unit && each.link === props.link);
  if (link) return <KnownLink link={link} />;
  if (data) {
    return (
      <Notice title={t('linkMissing')}>
        <Link to="/links" class="button">
          {t('linkBackToList')}
        </Link>
      </Notice>
    );
  }
  return error ? <ErrorNotice error={error} onRetry={reload} /> : <Notice title={t('loading')} />;
}

function KnownLink(props: { readonly link: LinkView }) {
  const { t, format, language } = useTexts();
  const { link } = props;
  const { nameOf } = useUnits();
  return (
    <>
      <nav>
        <Link to="/links" class="back-link">
          ‹ {t('linkBackToList')}
        </Link>
      </nav>
      <PageHead title={`${nameOf(link.unit)} · ${link.link}`}>
        <span class="machine-state" data-state={link.state}>
          <LinkStateLabel state={link.state} /> {link.since !== undefined && <Since at={link.since} />}
        </span>
      </PageHead>
      {link.cause !== 'works' && <p class="card-text">{writeCause(link.cause, language)}.</p>}
      <dl class="facts">
        <Fact name={t('unit')}>
          <Link to={unitPath(link.unit)}>{nameOf(link.unit)}</Link>
        </Fact>
        <Fact name={t('unitLinkKind')}>{t(linkTexts[link.kind])}</Fact>
        <Fact name={t('unitLinkCarrier')}>{link.carrier ? safeText(link.carrier) : '–'}</Fact>
        <Fact name={t('unitLinkEdge')}>{link.edge ? <code>{safeText(link.edge)}</code> : '–'}</Fact>
        <Fact name={t('linkRtt')}>{writeMs(link.rtt_ms, format)}</Fact>
        <Fact name={t('linkLoss')}>{writeLoss(link.loss_percent, format)}</Fact>
        <Fact name={t('linkAvailability')}>{writeAvailability(link.availability_percent, format)}</Fact>
      </dl>
      <div class="stack">
        <History unit={link.unit} link={link.link} />
        <MonthReport unit={link.unit} link={link.link} />
      </div>
    </>
  );
}

function History(props: { readonly unit: string; readonly link: string }) {
  const { t } = useTexts();
  const [hours, setHours] = useState<number>(24);
  const now = Math.floor(useServerNow() / everyMs) * everyMs;
  const path = `/api/v1${linkPath(props.unit, props.link)}/intervals`;
  const load = (signal: AbortSignal) => getAll<IntervalView>(path, signal, { from: `-${hours}h` });
  const { data, error, reload } = useRefreshed(`${path} ${hours}`, load, { everyMs });
  return (
    <section class="card" data-card="time-line">
      <header class="card-head">
        <h2>{t('linkTimeLine')}</h2>
        <fieldset class="segments card-action">
          <legend class="visually-hidden">{t('timeRange')}</legend>
          {ranges.map((range) => (
            <button
              key={range.text}
              type="button"
              aria-pressed={range.hours === hours}
              onClick={() => setHours(range.hours)}
            >
              {t(range.text)}
            </button>
          ))}
        </fieldset>
      </header>
      {error && (!data || error.status !== 0) && <ErrorNotice error={error} onRetry={reload} />}
      {!data && !error && <p class="card-empty">{t('loading')}</p>}
      {data?.length === 0 && <p class="card-empty">{t('linkNoIntervals')}</p>}
      {data && data.length > 0 && (
        <>
          <TimeLine intervals={data} span={{ from: now - hours * hourMs, to: now }} />
          <IntervalTable intervals={data} />
        </>
      )}
    </section>
  );
}
