import type { AvailabilityAnswer } from '../../../src/http/availability-schemas.ts';
import { withQuery } from '../api.ts';
import { writeAvailability } from '../links/link-numbers.ts';
import { agentClasses } from '../parts/class-texts.ts';
import { Link } from '../router.tsx';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import { countTexts } from '../units/unit-table.tsx';
import { orderAsTree } from '../units/unit-tree.ts';
import type { Units } from '../use-units.ts';
import { BalanceBar } from './balance-bar.tsx';

type UnitFigure = AvailabilityAnswer['units'][number];
type Total = UnitFigure['machines'];

/** One row a unit, with everything below it, in the order of the tree. */
export function UnitFigures(props: {
  readonly figures: readonly UnitFigure[];
  readonly units: Units;
  readonly month: string;
}) {
  const { t, language } = useTexts();
  const byUnit = new Map(props.figures.map((figure) => [figure.unit, figure]));
  const known = props.units.units.filter(({ code }) => byUnit.has(code));
  return (
    <table class="table units availability">
      <thead>
        <tr>
          <th scope="col" class="column-unit-name">
            {t('unit')}
          </th>
          {agentClasses.map((each) => (
            <th key={each} scope="col" class="number">
              {t(countTexts[each])}
            </th>
          ))}
          <th scope="col" class="number">
            {t('links')}
          </th>
          <th scope="col" class="column-balance">
            {t('availabilityBar')}
          </th>
        </tr>
      </thead>
      <tbody>
        {orderAsTree(known, language).map(({ unit, depth }) => {
          const figure = byUnit.get(unit.code);
          if (!figure) return null;
          return (
            <tr key={unit.code} data-unit={unit.code}>
              <th scope="row" class={`indent-${Math.min(depth, 5)}`}>
                <Link to={withQuery('/availability', { unit: unit.code, month: props.month })} class="row-link">
                  <bdi>{safeText(figure.name)}</bdi>
                </Link>
                <span class="code-note">{unit.code}</span>
              </th>
              {agentClasses.map((each) => (
                <Share key={each} label={t(countTexts[each])} total={figure.classes[each]} />
              ))}
              <Share label={t('links')} total={figure.links} />
              <td data-label={t('availabilityBar')}>
                {figure.machines.count > 0 && <BalanceBar figure={figure.machines} />}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Share(props: { readonly label: string; readonly total: Total }) {
  const { format } = useTexts();
  const { total } = props;
  return (
    <td class="number" data-label={props.label}>
      {total.count === 0 ? '' : <b>{writeAvailability(total.available_percent, format)}</b>}
      {total.count > 0 && <span class="share-count"> / {format.number(total.count)}</span>}
    </td>
  );
}
