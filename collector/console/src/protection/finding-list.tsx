import type { AgentState } from '@vonggac/shared';
import type { ProtectionView } from '../../../src/http/protection-schemas.ts';
import { StateMark } from '../parts/state-mark.tsx';
import type { PlainTextKey } from '../text/dictionary.ts';
import { useTexts } from '../text/language.tsx';
import { evidenceTexts } from './finding-evidence.ts';
import { ruleWords } from './rule-words.ts';
import { productName } from './words.ts';

type Finding = ProtectionView['findings'][number];

const marks: Readonly<Record<Finding['level'], readonly [mark: AgentState, word: PlainTextKey]>> = {
  critical: ['offline', 'findingCritical'],
  warning: ['late', 'findingWarning'],
  unknown: ['inconclusive', 'unknown'],
};

/** What is wrong with a machine, the gravest first, and why one thinks so. */
export function FindingList(props: { readonly findings: readonly Finding[] }) {
  const { t } = useTexts();
  return (
    <ul class="findings">
      {props.findings.map((finding) => {
        const [mark, word] = marks[finding.level];
        return (
          <li key={`${finding.rule} ${finding.product ?? ''}`} data-rule={finding.rule}>
            <span title={t(word)}>
              <StateMark state={mark} />
              <span class="visually-hidden">{t(word)}: </span>
            </span>
            <FindingText finding={finding} />
          </li>
        );
      })}
    </ul>
  );
}

function FindingText(props: { readonly finding: Finding }) {
  const { language, format } = useTexts();
  const { rule, product, since, evidence } = props.finding;
  const more = [
    ...(product === undefined ? [] : [productName(product)]),
    ...evidenceTexts(evidence, { language, format }),
  ].join(' · ');
  return (
    <div>
      {ruleWords(rule, language)} <span class="code-note">{rule}</span>
      {more !== '' && (
        <div class="muted" title={format.moment(Date.parse(since))}>
          <bdi>{more}</bdi>
        </div>
      )}
    </div>
  );
}
