import { Unknown } from '../parts/unknown.tsx';
import { Link } from '../router.tsx';
import { useTexts } from '../text/language.tsx';
import { levels, levelTexts } from './levels.tsx';
import { protectionAddress } from './protection-filter.ts';
import type { UnitProtection } from './unit-counts.ts';

/** One row a unit, with everything below it; its link leads to those machines. */
export function UnitProtectionTable(props: {
  readonly units: readonly UnitProtection[];
  readonly nameOf: (code: string) => string;
}) {
  const { t } = useTexts();
  return (
    <table class="table protection-units">
      <thead>
        <tr>
          <th scope="col" class="column-protection-unit">
            {t('unit')}
          </th>
          <th scope="col" class="column-protection-share">
            {t('protectionShare')}
          </th>
          <th scope="col" class="number">
            {t('protectionDeclared')}
          </th>
          <th scope="col" class="number">
            {t('protectionEnrolled')}
          </th>
          {levels.map((level) => (
            <th key={level} scope="col" class="number">
              {t(levelTexts[level])}
            </th>
          ))}
          <th scope="col" class="number">
            {t('protectionMissing')}
          </th>
          <th scope="col" class="number">
            {t('protectionNotUpdated')}
          </th>
        </tr>
      </thead>
      <tbody>
        {props.units.map((each) => (
          <UnitRow key={each.unit} protection={each} name={props.nameOf(each.unit)} />
        ))}
      </tbody>
    </table>
  );
}

function UnitRow(props: { readonly protection: UnitProtection; readonly name: string }) {
  const { t, format } = useTexts();
  const { unit, total } = props.protection;
  return (
    <tr data-unit={unit}>
      <th scope="row">
        <Link to={protectionAddress({ unit, levels: [] })} class="row-link">
          <bdi>{props.name}</bdi>
        </Link>
        <span class="code-note">{unit}</span>
      </th>
      <td data-label={t('protectionShare')}>
        <Share percent={total.protected_percent} />
      </td>
      <td class="number" data-label={t('protectionDeclared')}>
        {total.declared === undefined ? (
          <span class="muted">{t('protectionNotDeclared')}</span>
        ) : (
          format.number(total.declared)
        )}
      </td>
      <td class="number" data-label={t('protectionEnrolled')}>
        {format.number(total.enrolled)}
      </td>
      {levels.map((level) => (
        <Count key={level} name={t(levelTexts[level])} count={total[level]} level={level} />
      ))}
      <Count name={t('protectionMissing')} count={total.missing} level="missing" />
      <Count name={t('protectionNotUpdated')} count={total.not_updated_15_days} level="old" />
    </tr>
  );
}

/** Never rounded up: 100 % is said only when none is left out. */
function Share(props: { readonly percent: number | undefined }) {
  const { format } = useTexts();
  const { percent } = props;
  if (percent === undefined) return <Unknown />;
  return (
    <div class="meter">
      <span class="meter-bar">
        <span class="meter-fill protection-share" style={{ width: `${percent}%` }} />
      </span>
      <span class="meter-number">{format.percent(percent < 100 ? Math.min(percent, 99) : percent)}</span>
    </div>
  );
}

/** A nought is drawn as the nothing that it is. */
function Count(props: { readonly name: string; readonly count: number; readonly level: string }) {
  const { format } = useTexts();
  return (
    <td class="number" data-label={props.name} data-level={props.count === 0 ? 'none' : props.level}>
      {format.number(props.count)}
    </td>
  );
}
