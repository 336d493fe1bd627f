import type { UnitDetails, UnitHistory } from '../../../src/http/schemas.ts';
import { Change } from '../parts/change.tsx';
import { fieldWords } from '../text/field-words.ts';
import { useTexts } from '../text/language.tsx';
import { valueText } from './value-text.ts';

/** What is not a value of the unit, but of the version. */
const notValues = new Set(['code', 'valid_from', 'valid_to']);

/** The fields in which a version differs from the one before it. */
function fieldsChanged(before: UnitDetails | undefined, after: UnitDetails): (keyof UnitDetails)[] {
  const fields = new Set([...Object.keys(before ?? {}), ...Object.keys(after)]) as Set<keyof UnitDetails>;
  return [...fields].filter(
    (field) => !notValues.has(field) && JSON.stringify(before?.[field]) !== JSON.stringify(after[field]),
  );
}

/** What changed when, newest first. */
export function UnitHistoryCard(props: { readonly history: UnitHistory; readonly nameOf: (code: string) => string }) {
  const texts = useTexts();
  const { t, format, language } = texts;
  const { versions } = props.history;
  const steps = versions.map((version, index) => ({ version, before: versions[index - 1] })).reverse();
  return (
    <section class="card">
      <header class="card-head">
        <h2>{t('unitHistory')}</h2>
      </header>
      <ol class="history">
        {steps.map(({ version, before }) => (
          <li key={version.valid_from}>
            <time dateTime={version.valid_from}>{format.date(Date.parse(version.valid_from))}</time>
            {before === undefined && <span class="muted"> · {t('unitBegan')}</span>}
            <ul class="differences">
              {fieldsChanged(before, version).map((field) => {
                const about = { field, texts, nameOf: props.nameOf };
                return (
                  <Change
                    key={field}
                    field={fieldWords(field, language)}
                    before={valueText(before?.[field], about)}
                    after={valueText(version[field], about)}
                  />
                );
              })}
            </ul>
          </li>
        ))}
      </ol>
    </section>
  );
}
