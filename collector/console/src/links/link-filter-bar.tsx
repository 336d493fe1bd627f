import type { LinkView } from '../../../src/http/link-schemas.ts';
import type { UnitView } from '../../../src/http/schemas.ts';
import { SearchField } from '../parts/search-field.tsx';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import { UnitFilter } from '../units/unit-filter.tsx';
import { carriersOf, type LinkFilter } from './link-filter.ts';

/** Search, unit and carrier. */
export function LinkFilterBar(props: {
  readonly filter: LinkFilter;
  readonly links: readonly LinkView[];
  readonly units: readonly UnitView[];
  readonly onChange: (part: Partial<LinkFilter>) => void;
}) {
  const { t } = useTexts();
  const { filter, links, units, onChange } = props;
  return (
    <search class="filter-bar">
      <SearchField label={t('linkSearch')} value={filter.q} onChange={(q) => onChange({ q })} />
      <UnitFilter units={units} value={filter.unit} onChange={(unit) => onChange({ unit })} />
      <select
        aria-label={t('unitLinkCarrier')}
        value={filter.carrier}
        onChange={(event) => onChange({ carrier: event.currentTarget.value })}
      >
        <option value="">{t('linkAllCarriers')}</option>
        {carriersOf(links).map((carrier) => (
          <option key={carrier} value={carrier}>
            {safeText(carrier)}
          </option>
        ))}
      </select>
    </search>
  );
}
