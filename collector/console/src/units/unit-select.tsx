import type { UnitView } from '../../../src/http/schemas.ts';
import type { ControlProps } from '../parts/field.tsx';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import { orderAsTree } from './unit-tree.ts';

/** A choice of one unit, in the order of the tree; `value` is chosen at first. */
export function UnitSelect(props: {
  readonly control: ControlProps;
  readonly name: string;
  readonly units: readonly UnitView[];
  readonly value: string;
  /** What the choice of none says; without it there has to be one. */
  readonly none?: string;
  readonly disabled?: boolean;
  readonly onChange?: (code: string) => void;
}) {
  const { t, language } = useTexts();
  return (
    <select
      {...props.control}
      name={props.name}
      disabled={props.disabled}
      required={props.none === undefined}
      onChange={(event) => props.onChange?.(event.currentTarget.value)}
    >
      {(props.none !== undefined || props.value === '') && <option value="">{props.none ?? t('unitChoose')}</option>}
      {orderAsTree(props.units, language).map(({ unit, depth }) => (
        <option key={unit.code} value={unit.code} selected={unit.code === props.value}>
          {`${'\u2003'.repeat(depth)}${safeText(unit.name)} (${unit.code})`}
        </option>
      ))}
    </select>
  );
}
