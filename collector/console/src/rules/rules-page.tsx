import type { RuleList, RuleView } from '../../../src/http/rule-schemas.ts';
import { getJson } from '../api.ts';
import { SeverityMark } from '../incidents/severity-mark.tsx';
import { Tabs } from '../incidents/tabs.tsx';
import { ErrorNotice, Notice } from '../parts/notice.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Link, runbookPath } from '../router.tsx';
import { useTexts } from '../text/language.tsx';
import { useRefreshed } from '../use-refreshed.ts';

const path = '/api/v1/rules';
/** Rules are evaluated once a minute. */
const everyMs = 30_000;

/** Every rule with what fires now; those that fire come first. */
export function RulesPage() {
  const { t } = useTexts();
  const { data, error, reload } = useRefreshed(path, (signal) => getJson<RuleList>(path, signal), { everyMs });
  const rules = data?.items.toSorted((a, b) => Number(firing(b) > 0) - Number(firing(a) > 0));
  return (
    <>
      <Tabs />
      <PageHead title={t('rules')} hint={t('rulesHint')} />
      {error && (!data || error.status !== 0) && <ErrorNotice error={error} onRetry={reload} />}
      {!data && !error && <Notice title={t('loading')} />}
      {rules && (
        <table class="table rules">
          <thead>
            <tr>
              <th scope="col">{t('rule')}</th>
              <th scope="col">{t('ruleSeverity')}</th>
              <th scope="col" class="number">
                {t('ruleFiring')}
              </th>
              <th scope="col" class="number">
                {t('rulePending')}
              </th>
              <th scope="col" class="number">
                {t('ruleNormal')}
              </th>
              <th scope="col" class="number">
                {t('ruleNoData')}
              </th>
            </tr>
          </thead>
          <tbody>
            {rules.map((rule) => (
              <Row key={rule.id} rule={rule} />
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function firing({ counts }: RuleView): number {
  return counts.firing + counts.recovering;
}

function Row(props: { readonly rule: RuleView }) {
  const { format, language } = useTexts();
  const { rule } = props;
  const { id, title, what, severity, counts } = rule;
  return (
    <tr data-rule={id} data-firing={firing(rule)}>
      <th scope="row">
        <Link to={runbookPath(id)}>{title[language]}</Link>
        <div class="muted">{what[language]}</div>
      </th>
      <td>
        <SeverityMark severity={severity} isOpen={firing(rule) > 0} />
      </td>
      <td class="number">{format.number(firing(rule))}</td>
      <td class="number">{format.number(counts.pending)}</td>
      <td class="number">{format.number(counts.normal)}</td>
      <td class="number">{format.number(counts['no-data'])}</td>
    </tr>
  );
}
