import type { UnitView } from '../../../src/http/schemas.ts';
import { agentClasses, classTexts } from '../parts/class-texts.ts';
import { SearchField } from '../parts/search-field.tsx';
import { useTexts } from '../text/language.tsx';
import { UnitFilter } from '../units/unit-filter.tsx';
import type { MachineFilter } from './machine-filter.ts';

/** Search, unit and class. */
export function FilterBar(props: {
  readonly filter: MachineFilter;
  readonly units: readonly UnitView[];
  readonly onChange: (part: Partial<MachineFilter>) => void;
}) {
  const { t } = useTexts();
  const { filter, units, onChange } = props;
  return (
    <search class="filter-bar">
      <SearchField label={t('searchMachines')} value={filter.q} onChange={(q) => onChange({ q })} />
      <UnitFilter units={units} value={filter.unit} onChange={(unit) => onChange({ unit })} />
      <select
        aria-label={t('class')}
        value={filter.class}
        onChange={(event) => onChange({ class: event.currentTarget.value })}
      >
        <option value="">{t('allClasses')}</option>
        {agentClasses.map((each) => (
          <option key={each} value={each}>
            {t(classTexts[each])}
          </option>
        ))}
      </select>
    </search>
  );
}
