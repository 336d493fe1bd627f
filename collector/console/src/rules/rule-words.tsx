import type { IncidentView } from '../../../src/http/incident-schemas.ts';
import { Fact } from '../parts/fact.tsx';
import { useTexts } from '../text/language.tsx';

type Rule = NonNullable<IncidentView['rule']>;

/** What a rule says to whoever reads its alert: what it is, what it does, what to do first, whom to call. */
export function RuleWords(props: { readonly rule: Omit<Rule, 'scope' | 'title'> }) {
  const { t, language } = useTexts();
  const { what, impact, first_action, whom_to_call } = props.rule;
  return (
    <>
      <p class="card-text">{what[language]}</p>
      <dl class="fact-row">
        <Fact name={t('ruleImpact')}>{impact[language]}</Fact>
        <Fact name={t('ruleFirstAction')}>{first_action[language]}</Fact>
        <Fact name={t('ruleWhomToCall')}>{whom_to_call[language]}</Fact>
      </dl>
    </>
  );
}
