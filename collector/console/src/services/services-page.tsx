import type { ServiceView } from '../../../src/http/link-schemas.ts';
import { getJson } from '../api.ts';
import { writeMs } from '../links/link-numbers.ts';
import { Tabs } from '../links/tabs.tsx';
import { Fact } from '../parts/fact.tsx';
import { ErrorNotice, Notice } from '../parts/notice.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Since } from '../parts/relative-time.tsx';
import { Link, unitPath } from '../router.tsx';
import { writeCheckError } from '../text/check-errors.ts';
import { type Texts, useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import { useRefreshed } from '../use-refreshed.ts';
import { useUnits } from '../use-units.ts';
import { ServiceStateLabel, serviceMarks, serviceStates } from './service-states.tsx';

const path = '/api/v1/services';
const everyMs = 10_000;

/** The province's shared systems, as they are seen from where people sit; what is broken comes first. */
export function ServicesPage() {
  const { t } = useTexts();
  const load = (signal: AbortSignal) => getJson<{ readonly items: readonly ServiceView[] }>(path, signal);
  const { data, error, reload } = useRefreshed(path, load, { everyMs });
  const { nameOf } = useUnits();
  const services = data?.items.toSorted(
    (a, b) => serviceStates.indexOf(a.state) - serviceStates.indexOf(b.state) || a.name.localeCompare(b.name, 'vi'),
  );
  return (
    <>
      <Tabs />
      <PageHead title={t('services')} hint={t('servicesHint')} />
      {error && (!data || error.status !== 0) && <ErrorNotice error={error} onRetry={reload} />}
      {!data && !error && <Notice title={t('loading')} />}
      {services?.length === 0 && (
        <Notice title={t('serviceNoneYet')}>
          <p>{t('serviceNoneYetHint')}</p>
        </Notice>
      )}
      <ul class="cards">
        {services?.map((service) => (
          <ServiceCard key={service.id} service={service} nameOf={nameOf} />
        ))}
      </ul>
    </>
  );
}

function ServiceCard(props: { readonly service: ServiceView; readonly nameOf: (code: string) => string }) {
  const { t, language, ...texts } = useTexts();
  const { format } = texts;
  const { service } = props;
  const { state, since, error } = service;
  return (
    <li class="card service" data-service={service.id} data-mark={serviceMarks[state]}>
      <header class="card-head">
        <h2>
          <bdi>{safeText(service.name)}</bdi>
        </h2>
        <span class="card-action">
          <ServiceStateLabel state={state} /> {since !== undefined && <Since at={since} />}
        </span>
      </header>
      <dl class="fact-row">
        <Fact name={t('servicePoints')}>{pointsText(service, { t, language, format })}</Fact>
        <Fact name={t('serviceAnswer')}>{writeMs(service.rtt_ms, format)}</Fact>
        {error !== undefined && error !== '' && (
          <Fact name={t('serviceError')}>{writeCheckError(error, language)}</Fact>
        )}
        <Fact name={t('serviceAddress')}>
          <code>{safeText(service.url)}</code>
        </Fact>
      </dl>
      <Reach service={service} nameOf={props.nameOf} />
    </li>
  );
}

function pointsText({ vantage_points, failing_points }: ServiceView, { t, format }: Texts): string {
  if (vantage_points === 0) return t('servicePointsNone');
  const count = format.number(vantage_points);
  if (failing_points === 0) return t('servicePointsGood', { count });
  return t('servicePointsFailing', { failing: format.number(failing_points), count });
}

/** Whether the whole province is concerned, or only some units. */
function Reach(props: { readonly service: ServiceView; readonly nameOf: (code: string) => string }) {
  const { t } = useTexts();
  const { state, cut_off: cutOff, vantage_points: points } = props.service;
  if (state === 'down') return <p class="service-reach">{t(points > 1 ? 'serviceEverywhere' : 'serviceOnePoint')}</p>;
  if (state !== 'partial') return null;
  if (cutOff.length === 0) return <p class="service-reach">{t('serviceSomePoints')}</p>;
  return (
    <div class="service-reach">
      <p>{t('serviceOnlyUnits')}</p>
      <ul class="plain-list">
        {cutOff.map((code) => (
          <li key={code}>
            <Link to={unitPath(code)}>{props.nameOf(code)}</Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
