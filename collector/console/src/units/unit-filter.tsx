import type { UnitView } from '../../../src/http/schemas.ts';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import { orderAsTree } from './unit-tree.ts';

/** The choice of a unit, with everything below it, in the bar above a list; empty for all. */
export function UnitFilter(props: {
  readonly units: readonly UnitView[];
  readonly value: string;
  readonly onChange: (unit: string) => void;
}) {
  const { t, language } = useTexts();
  return (
    <select aria-label={t('unit')} value={props.value} onChange={(event) => props.onChange(event.currentTarget.value)}>
      <option value="">{t('allUnits')}</option>
      {orderAsTree(props.units, language).map(({ unit, depth }) => (
        <option key={unit.code} value={unit.code}>
          {'\u2003'.repeat(depth) + safeText(unit.name)}
        </option>
      ))}
    </select>
  );
}
