import { useEffect, useRef, useState } from 'preact/hooks';
import type { UnitView } from '../../../src/http/schemas.ts';
import { classTexts } from '../parts/class-texts.ts';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import { classes, type MachineFilter } from './machine-filter.ts';
import { orderAsTree } from './unit-tree.ts';

/** Someone who types is not asked to wait for the list, nor the collector for every letter. */
const typingMs = 250;

/** Search, unit and class. */
export function FilterBar(props: {
  readonly filter: MachineFilter;
  readonly units: readonly UnitView[];
  readonly onChange: (part: Partial<MachineFilter>) => void;
}) {
  const { t, language } = useTexts();
  const { filter, units, onChange } = props;
  return (
    <search class="filter-bar">
      <SearchField q={filter.q} onChange={(q) => onChange({ q })} />
      <select
        aria-label={t('unit')}
        value={filter.unit}
        onChange={(event) => onChange({ unit: event.currentTarget.value })}
      >
        <option value="">{t('allUnits')}</option>
        {orderAsTree(units, language).map(({ unit, depth }) => (
          <option key={unit.code} value={unit.code}>
            {'\u2003'.repeat(depth) + safeText(unit.name)}
          </option>
        ))}
      </select>
      <select
        aria-label={t('class')}
        value={filter.class}
        onChange={(event) => onChange({ class: event.currentTarget.value })}
      >
        <option value="">{t('allClasses')}</option>
        {classes.map((each) => (
          <option key={each} value={each}>
            {t(classTexts[each])}
          </option>
        ))}
      </select>
    </search>
  );
}

function SearchField(props: { readonly q: string; readonly onChange: (q: string) => void }) {
  const { t } = useTexts();
  const [text, setText] = useState(props.q);
  const timer = useRef<number | undefined>(undefined);

  useEffect(() => setText(props.q), [props.q]);
  useEffect(() => () => clearTimeout(timer.current), []);

  function type(value: string): void {
    setText(value);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => props.onChange(value.trim()), typingMs);
  }

  return (
    <input
      type="search"
      aria-label={t('searchMachines')}
      placeholder={t('searchMachines')}
      maxLength={100}
      value={text}
      onInput={(event) => type(event.currentTarget.value)}
    />
  );
}
