import type { ComponentChildren } from 'preact';
import type { ImportAnswer } from '../../../src/http/unit-change-schemas.ts';
import { Change } from '../parts/change.tsx';
import { fieldWords } from '../text/field-words.ts';
import { useTexts } from '../text/language.tsx';
import { detailText } from '../text/problem-text.ts';
import { safeText } from '../text/safe-text.ts';
import { valueText } from './value-text.ts';

/** Everything that a file does or did, row by row: what is wrong first. */
export function ImportPlan(props: { readonly plan: ImportAnswer; readonly nameOf: (code: string) => string }) {
  const texts = useTexts();
  const { t, format, language } = texts;
  const { plan } = props;
  // A parent may be a unit that the file itself brings.
  const fresh = new Map(plan.added.map(({ code, name }) => [code, safeText(name)]));
  const nameOf = (code: string) => fresh.get(code) ?? props.nameOf(code);
  const isEmpty = plan.added.length + plan.changed.length + plan.problems.length === 0;

  return (
    <div class="stack" data-plan={plan.written ? 'written' : 'shown'}>
      {isEmpty && <p class="note">{t('importNothing')}</p>}
      {plan.problems.length > 0 && <Problems problems={plan.problems} />}
      <Part title={t('importAdded', { count: format.number(plan.added.length) })} open rows={plan.added}>
        {(row) =>
          Object.entries(row.values)
            .filter(([field]) => field !== 'name')
            .map(([field, value]) => (
              <Change
                key={field}
                field={fieldWords(field, language)}
                before={undefined}
                after={valueText(value, { field, texts, nameOf })}
              />
            ))
        }
      </Part>
      <Part title={t('importChanged', { count: format.number(plan.changed.length) })} open rows={plan.changed}>
        {(row) =>
          row.changes.map(({ field, before, after }) => (
            <Change
              key={field}
              field={fieldWords(field, language)}
              before={valueText(before, { field, texts, nameOf })}
              after={valueText(after, { field, texts, nameOf })}
            />
          ))
        }
      </Part>
      <Part title={t('importUnchanged', { count: format.number(plan.unchanged.length) })} rows={plan.unchanged} />
      <Part title={t('importNotInFile', { count: format.number(plan.not_in_file.length) })} rows={plan.not_in_file} />
    </div>
  );
}

function Problems(props: { readonly problems: ImportAnswer['problems'] }) {
  const { t, format, language } = useTexts();
  return (
    <section class="card card-bad">
      <header class="card-head">
        <h2>{t('importProblems', { count: format.number(props.problems.length) })}</h2>
      </header>
      <table class="table import-problems">
        <thead>
          <tr>
            <th scope="col" class="number">
              {t('importLine')}
            </th>
            <th scope="col">{t('importColumn')}</th>
            <th scope="col">{t('importProblem')}</th>
          </tr>
        </thead>
        <tbody>
          {props.problems.map(({ line, column, detail }, index) => (
            <tr key={index}>
              <td class="number" data-label={t('importLine')}>
                {line === null ? t('importWholeFile') : format.number(line)}
              </td>
              <td data-label={t('importColumn')}>{column !== null && fieldWords(column, language)}</td>
              <td data-label={t('importProblem')}>{detailText(detail, language)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface Row {
  readonly line?: number;
  readonly code: string;
  readonly name: string;
}

/** Rows with one fate; those that are of less interest are folded away. */
function Part<R extends Row>(props: {
  readonly title: string;
  readonly open?: boolean;
  readonly rows: readonly R[];
  readonly children?: (row: R) => ComponentChildren;
}) {
  const { t } = useTexts();
  if (props.rows.length === 0) return null;
  return (
    <details class="card import-part" open={props.open}>
      <summary>{props.title}</summary>
      <ol class="import-rows">
        {props.rows.map((row) => (
          <li key={row.code}>
            {row.line !== undefined && (
              <span class="import-line">
                {t('importLine')} {row.line}
              </span>
            )}
            <b>{safeText(row.name)}</b>
            <span class="code-note">{row.code}</span>
            {props.children && <ul class="differences">{props.children(row)}</ul>}
          </li>
        ))}
      </ol>
    </details>
  );
}
