import type { PointView } from '../../../src/http/schemas.ts';
import { Link, unitPath } from '../router.tsx';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import { fieldsOf } from './point-fields.ts';

/** How many devices a gateway sees on its networks. */
export function CensusCard(props: { readonly networks: readonly PointView[]; readonly unit: string }) {
  const { t, format } = useTexts();
  const write = (count: number | undefined) => (count === undefined ? '–' : format.number(count));
  return (
    <section class="card" data-card="census">
      <header class="card-head">
        <h2>{t('census')}</h2>
        <Link to={unitPath(props.unit)} class="card-action">
          {t('censusToUnit')}
        </Link>
      </header>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{t('censusNetwork')}</th>
            <th scope="col" class="number">
              {t('censusPresent')}
            </th>
            <th scope="col" class="number">
              {t('censusKnown')}
            </th>
            <th scope="col" class="number">
              {t('censusNew')}
            </th>
          </tr>
        </thead>
        <tbody>
          {props.networks.map((network) => {
            const { number } = fieldsOf<'lan_census'>(network);
            return (
              <tr key={network.tags.network}>
                <th scope="row">
                  <bdi>{safeText(network.tags.network ?? '')}</bdi>
                </th>
                <td class="number" data-label={t('censusPresent')}>
                  {write(number('present_devices'))}
                </td>
                <td class="number" data-label={t('censusKnown')}>
                  {write(number('known_devices'))}
                </td>
                <td class="number" data-label={t('censusNew')}>
                  {write(number('new_devices'))}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
