import type { ProtectionView } from '../../../src/http/protection-schemas.ts';
import { classTexts } from '../parts/class-texts.ts';
import { Ago, Since } from '../parts/relative-time.tsx';
import { stateTexts } from '../parts/state-mark.tsx';
import { Unknown } from '../parts/unknown.tsx';
import { Link, machinePath } from '../router.tsx';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import { FindingList } from './finding-list.tsx';
import { LevelLabel } from './levels.tsx';
import { isProduct } from './products.ts';
import { productName } from './words.ts';

/** One row a machine. */
export function ProtectionTable(props: {
  readonly machines: readonly ProtectionView[];
  readonly nameOf: (code: string) => string;
  readonly busy: boolean;
}) {
  const { t } = useTexts();
  return (
    <table class="table protection-table" aria-busy={props.busy}>
      <thead>
        <tr>
          <th scope="col" class="column-protection-level">
            {t('protectionLevel')}
          </th>
          <th scope="col" class="column-protection-machine">
            {t('machine')}
          </th>
          <th scope="col" class="column-findings">
            {t('findings')}
          </th>
          <th scope="col">{t('protectionProducts')}</th>
          <th scope="col">{t('signatureAge')}</th>
          <th scope="col">{t('protectionProof')}</th>
        </tr>
      </thead>
      <tbody>
        {props.machines.map((machine) => (
          <MachineRow key={machine.agent} machine={machine} unitName={props.nameOf(machine.unit)} />
        ))}
      </tbody>
    </table>
  );
}

const hourMs = 3_600_000;

function MachineRow(props: { readonly machine: ProtectionView; readonly unitName: string }) {
  const { t, format } = useTexts();
  const { machine } = props;
  const { level, state, signature_age_hours: age, proof_at: proof } = machine;
  const products = machine.products.filter((each) => isProduct(each) && !each.orphan);
  return (
    <tr data-machine={machine.agent} data-level={level}>
      <td>
        <LevelLabel level={level} />
        <div class="link-since">
          <Since at={machine.level_since} />
        </div>
      </td>
      <th scope="row">
        <Link to={machinePath(machine.agent)} class="row-link">
          <bdi>{safeText(machine.hostname) || machine.agent}</bdi>
        </Link>
        <div class="muted">
          {t(classTexts[machine.class])} · {props.unitName}
        </div>
        {state !== 'online' && <span class="tag">{t(stateTexts[state])}</span>}
      </th>
      <td>
        {level === 'protected' && <span class="muted">{t('findingNone')}</span>}
        <FindingList findings={machine.findings} />
      </td>
      <td data-label={t('protectionProducts')}>
        {products.map(({ product, name }) => productName(product, name)).join(', ') || (
          <NoProduct isKnown={machine.products.length > 0} />
        )}
      </td>
      <td data-label={t('signatureAge')} class="nowrap">
        {age === undefined ? <Unknown /> : format.duration(age * hourMs)}
      </td>
      <td data-label={t('protectionProof')} class="muted nowrap">
        {proof === undefined ? t('neverSeen') : <Ago at={proof} />}
      </td>
    </tr>
  );
}

/** A machine that said that there is none, or one that has not said anything. */
function NoProduct(props: { readonly isKnown: boolean }) {
  const { t } = useTexts();
  return props.isKnown ? <b class="bad">{t('none')}</b> : <Unknown />;
}
