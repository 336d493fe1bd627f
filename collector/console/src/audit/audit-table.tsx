import type { AuditItem } from '../../../src/http/schemas.ts';
import { Change } from '../parts/change.tsx';
import { fieldWords, valueWords } from '../text/field-words.ts';
import { type Texts, useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import { actionWords } from './action-words.ts';
import { type Difference, differencesOf } from './differences.ts';

/** One page of the log. */
export function AuditTable(props: { readonly items: readonly AuditItem[]; readonly busy: boolean }) {
  const { t } = useTexts();
  return (
    <table class="table audit" aria-busy={props.busy}>
      <thead>
        <tr>
          <th scope="col">{t('auditTime')}</th>
          <th scope="col">{t('auditActor')}</th>
          <th scope="col">{t('auditSource')}</th>
          <th scope="col">{t('auditAction')}</th>
          <th scope="col">{t('auditSubject')}</th>
          <th scope="col" class="column-changes">
            {t('auditChanges')}
          </th>
        </tr>
      </thead>
      <tbody>
        {props.items.map((item) => (
          <AuditRow key={item.seq} item={item} />
        ))}
      </tbody>
    </table>
  );
}

function AuditRow(props: { readonly item: AuditItem }) {
  const texts = useTexts();
  const { t, format, language } = texts;
  const { item } = props;
  const write = (value: Difference['after'], field: string) =>
    value === undefined ? undefined : valueWords(value, { field, texts });
  return (
    <tr data-seq={item.seq}>
      <td data-label={t('auditTime')} class="nowrap">
        <time dateTime={item.time} title={`№ ${item.seq}`}>
          {format.moment(Date.parse(item.time))}
        </time>
      </td>
      <td data-label={t('auditActor')}>
        <bdi>{item.actor === 'one-time link' ? t('oneTimeLink') : safeText(item.actor)}</bdi>
      </td>
      <td data-label={t('auditSource')}>{sourceWords(item.from, texts)}</td>
      <td data-label={t('auditAction')}>{actionWords(item.action, language)}</td>
      <td data-label={t('auditSubject')}>{item.subject !== undefined && <bdi>{safeText(item.subject)}</bdi>}</td>
      <td data-label={t('auditChanges')}>
        <ul class="differences">
          {differencesOf(item).map((difference) => (
            <Change
              key={difference.field}
              field={fieldWords(difference.field, language)}
              before={write(difference.before, difference.field)}
              after={write(difference.after, difference.field)}
            />
          ))}
        </ul>
      </td>
    </tr>
  );
}

function sourceWords(source: string, { t }: Texts): string {
  if (source === 'command') return t('sourceCommand');
  if (source === 'console') return t('sourceConsole');
  return source === 'audit log' ? t('sourceLog') : safeText(source);
}
