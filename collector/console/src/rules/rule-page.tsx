import type { RuleInstanceView, RuleWithInstances } from '../../../src/http/rule-schemas.ts';
import { getJson } from '../api.ts';
import { SeverityMark } from '../incidents/severity-mark.tsx';
import { Tabs } from '../incidents/tabs.tsx';
import { Fact } from '../parts/fact.tsx';
import { ErrorNotice, Notice } from '../parts/notice.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Since } from '../parts/relative-time.tsx';
import { Link, machinePath, unitPath } from '../router.tsx';
import type { PlainTextKey } from '../text/dictionary.ts';
import { type Texts, useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import { useRefreshed } from '../use-refreshed.ts';
import { Markdown } from './markdown.tsx';

const everyMs = 30_000;

const stateTexts: Readonly<Record<RuleInstanceView['state'], PlainTextKey>> = {
  firing: 'ruleFiring',
  recovering: 'ruleRecovering',
  pending: 'rulePending',
  'no-data': 'ruleNoData',
  normal: 'ruleNormal',
};

/** One rule: its runbook, and all that it follows. */
export function RulePage(props: { readonly id: string }) {
  const { t, language, format } = useTexts();
  const path = `/api/v1/rules/${encodeURIComponent(props.id)}`;
  const load = (signal: AbortSignal) => getJson<RuleWithInstances>(path, signal);
  const { data: rule, error, reload } = useRefreshed(path, load, { everyMs });
  if (!rule && error?.status === 404) return <Notice title={t('pageNotFound')} />;
  const total = rule ? Object.values(rule.counts).reduce((sum, count) => sum + count, 0) : 0;
  return (
    <>
      <Tabs />
      <PageHead title={rule ? rule.title[language] : t('runbook')} />
      {error && (!rule || error.status !== 0) && <ErrorNotice error={error} onRetry={reload} />}
      {!rule && !error && <Notice title={t('loading')} />}
      {rule && (
        <>
          <section class="card" data-rule={rule.id}>
            <dl class="fact-row">
              <Fact name={t('ruleSeverity')}>
                <SeverityMark severity={rule.severity} isOpen={rule.counts.firing + rule.counts.recovering > 0} />
              </Fact>
              <Fact name={t('ruleCondition')}>
                <code>{`${rule.reduce}(${rule.measurement}.${rule.field})`}</code> {conditionText(rule, { t, format })}
              </Fact>
            </dl>
            <Markdown text={rule.runbook[language]} />
          </section>
          <h2 class="section-title">{t('ruleInstances')}</h2>
          {total === 0 && <Notice title={t('ruleNoInstances')} />}
          {total > rule.instances.length && (
            <p class="hint">{t('ruleInstancesMore', { count: format.number(rule.instances.length) })}</p>
          )}
          {rule.instances.length > 0 && <Instances instances={rule.instances} />}
        </>
      )}
    </>
  );
}

function conditionText(rule: RuleWithInstances, { t, format }: Pick<Texts, 't' | 'format'>): string {
  const write = (value: number) => format.number(value, 1);
  const { condition, pending_seconds: pending } = rule;
  const duration = pending === 0 ? t('ruleAtOnce') : t('ruleFor', { minutes: format.number(pending / 60) });
  switch (condition.kind) {
    case 'above': {
      const values = { threshold: write(condition.threshold), recovers: write(condition.recovers) };
      return `${t('ruleAbove', values)}; ${duration}`;
    }
    case 'below': {
      const values = { threshold: write(condition.threshold), recovers: write(condition.recovers) };
      return `${t('ruleBelow', values)}; ${duration}`;
    }
    case 'is':
      return `${t('ruleIs', { value: write(condition.value) })}; ${duration}`;
    case 'outside':
      return `${t('ruleOutside', { low: write(condition.low), high: write(condition.high) })}; ${duration}`;
  }
}

function Instances(props: { readonly instances: readonly RuleInstanceView[] }) {
  const { t, format } = useTexts();
  return (
    <table class="table">
      <thead>
        <tr>
          <th scope="col">{t('ruleState')}</th>
          <th scope="col">{t('ruleOf')}</th>
          <th scope="col">{t('unit')}</th>
          <th scope="col" class="number">
            {t('ruleValue')}
          </th>
        </tr>
      </thead>
      <tbody>
        {props.instances.map(({ agent, host, unit, tags, state, since, value }) => (
          <tr key={[agent, unit, ...Object.values(tags)].join(' ')} data-state={state}>
            <td>
              {t(stateTexts[state])} <Since at={since} />
            </td>
            <td>
              {agent !== undefined && (
                <Link to={machinePath(agent)}>
                  <bdi>{safeText(host ?? agent)}</bdi>
                </Link>
              )}{' '}
              <bdi>{Object.values(tags).map(safeText).join(' ')}</bdi>
            </td>
            <td>{unit !== undefined && <Link to={unitPath(unit)}>{unit}</Link>}</td>
            <td class="number">{value === undefined ? t('unknown') : format.number(value, 1)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
