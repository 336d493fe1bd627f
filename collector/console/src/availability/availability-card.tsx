import type { AvailabilityAnswer } from '../../../src/http/availability-schemas.ts';
import { getJson, withQuery } from '../api.ts';
import { writeAvailability } from '../links/link-numbers.ts';
import { agentClasses, classTexts } from '../parts/class-texts.ts';
import { ErrorNotice } from '../parts/notice.tsx';
import { Link } from '../router.tsx';
import { useTexts } from '../text/language.tsx';
import { useFetched } from '../use-fetched.ts';
import { BalanceBar } from './balance-bar.tsx';

/** This month of a unit with everything below it, and the way to the whole report. */
export function AvailabilityCard(props: { readonly unit: string }) {
  const { t, format } = useTexts();
  const path = withQuery('/api/v1/availability', { unit: props.unit, detail: 'units' });
  const { data, error, reload } = useFetched(path, (signal) => getJson<AvailabilityAnswer>(path, signal));
  const own = data?.units.find(({ unit }) => unit === props.unit);
  const rows = own
    ? [
        ...agentClasses.map((each) => ({ name: t(classTexts[each]), total: own.classes[each], count: 'machines' })),
        { name: t('links'), total: own.links, count: 'links' },
      ].filter(({ total }) => total.count > 0)
    : [];
  return (
    <section class="card" data-card="availability">
      <header class="card-head">
        <h2>{t('availabilityThisMonth')}</h2>
        <span class="card-action">
          <Link to={withQuery('/availability', { unit: props.unit })} class="button">
            {t('availabilityWholeReport')}
          </Link>
        </span>
      </header>
      {error && <ErrorNotice error={error} onRetry={reload} />}
      {!data && !error && <p class="card-empty">{t('loading')}</p>}
      {data && rows.length === 0 && <p class="card-empty">{t('availabilityNone')}</p>}
      <ul class="balance-list">
        {rows.map(({ name, total, count }) => (
          <li key={name}>
            <span>
              {name}{' '}
              <span class="muted">
                {t(count === 'links' ? 'availabilityCountLinks' : 'availabilityCountMachines', {
                  count: format.number(total.count),
                })}
              </span>
            </span>
            <b>{writeAvailability(total.available_percent, format)}</b>
            <BalanceBar figure={total} />
          </li>
        ))}
      </ul>
    </section>
  );
}
