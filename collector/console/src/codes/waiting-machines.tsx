import { useState } from 'preact/hooks';
import type { EnrolmentView } from '../../../src/http/enrolment-schemas.ts';
import { post } from '../api.ts';
import { classTexts } from '../parts/class-texts.ts';
import { ConfirmDialog } from '../parts/dialog.tsx';
import { Fact } from '../parts/fact.tsx';
import { Ago } from '../parts/relative-time.tsx';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';

interface Question {
  readonly machine: EnrolmentView;
  readonly decision: 'accept' | 'refuse';
}

/** Machines that proved a code and wait for a person's word. */
export function WaitingMachines(props: {
  readonly items: readonly EnrolmentView[];
  readonly nameOf: (code: string) => string;
  readonly onChanged: () => void;
}) {
  const { t } = useTexts();
  const [question, setQuestion] = useState<Question>();
  const [done, setDone] = useState('');

  async function decide({ machine, decision }: Question): Promise<void> {
    await post(`/api/v1/enrolments/${encodeURIComponent(machine.id)}/${decision}`);
    const name = safeText(machine.hostname);
    setDone(decision === 'accept' ? t('waitingAccepted', { name }) : t('waitingRefused', { name }));
    props.onChanged();
  }

  return (
    <section class="waiting">
      <h2 class="section-title">{t('waitingTitle')}</h2>
      <p class="done" role="status">
        {done}
      </p>
      {props.items.length === 0 ? (
        <p class="hint">{t('waitingNone')}</p>
      ) : (
        <>
          <p class="hint">{t('waitingHint')}</p>
          <ul class="stack">
            {props.items.map((machine) => (
              <WaitingMachine
                key={machine.id}
                machine={machine}
                unitName={props.nameOf(machine.unit)}
                onAsk={(decision) => setQuestion({ machine, decision })}
              />
            ))}
          </ul>
        </>
      )}
      {question && (
        <Ask
          question={question}
          unitName={props.nameOf(question.machine.unit)}
          onDecide={() => decide(question)}
          onClose={() => setQuestion(undefined)}
        />
      )}
    </section>
  );
}

function WaitingMachine(props: {
  readonly machine: EnrolmentView;
  readonly unitName: string;
  readonly onAsk: (decision: Question['decision']) => void;
}) {
  const { t } = useTexts();
  const { machine } = props;
  return (
    <li class="card waiting-machine" data-id={machine.id}>
      <header class="card-head">
        <h3>
          <bdi>{safeText(machine.hostname)}</bdi>
        </h3>
        <span class="card-action row-actions">
          <button type="button" class="button" onClick={() => props.onAsk('refuse')}>
            {t('waitingRefuse')}
          </button>
          <button type="button" class="button button-primary" onClick={() => props.onAsk('accept')}>
            {t('waitingAccept')}
          </button>
        </span>
      </header>
      <dl class="fact-row">
        <Fact name={t('unit')}>{props.unitName}</Fact>
        <Fact name={t('class')}>{t(classTexts[machine.class])}</Fact>
        <Fact name={t('waitingSystem')}>
          <bdi>{safeText(machine.system ?? machine.platform)}</bdi>
        </Fact>
        <Fact name={t('waitingSeenFrom')}>{safeText(machine.address)}</Fact>
        <Fact name={t('waitingAddresses')}>
          <bdi>{safeText(machine.addresses.join(', ')) || t('unknown')}</bdi>
        </Fact>
        <Fact name={t('waitingSince')}>
          <Ago at={machine.asked_at} />
        </Fact>
        <Fact name={t('codeId')}>
          <code>{machine.code}</code>
        </Fact>
        <Fact name={t('waitingFingerprint')}>
          <Fingerprint text={machine.key_fingerprint} />
        </Fact>
      </dl>
    </li>
  );
}

function Fingerprint(props: { readonly text: string }) {
  return <code class="fingerprint">{safeText(props.text)}</code>;
}

function Ask(props: {
  readonly question: Question;
  readonly unitName: string;
  readonly onDecide: () => Promise<void>;
  readonly onClose: () => void;
}) {
  const { t } = useTexts();
  const { machine, decision } = props.question;
  const name = safeText(machine.hostname);
  const accepts = decision === 'accept';
  return (
    <ConfirmDialog
      title={accepts ? t('waitingAcceptTitle', { name }) : t('waitingRefuseTitle', { name })}
      confirm={t(accepts ? 'waitingAccept' : 'waitingRefuse')}
      dangerous={!accepts}
      onConfirm={props.onDecide}
      onClose={props.onClose}
    >
      <p>{accepts ? t('waitingAcceptHint', { unit: props.unitName }) : t('waitingRefuseHint')}</p>
      <p>
        <Fingerprint text={machine.key_fingerprint} />
      </p>
    </ConfirmDialog>
  );
}
