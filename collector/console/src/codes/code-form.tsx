import type { NewCodeAnswer } from '../../../src/http/enrolment-schemas.ts';
import type { UnitDetails } from '../../../src/http/schemas.ts';
import { post } from '../api.ts';
import { agentClasses, classTexts } from '../parts/class-texts.ts';
import { Dialog, FormEnd } from '../parts/dialog.tsx';
import { Field } from '../parts/field.tsx';
import { useTexts } from '../text/language.tsx';
import { fieldProblem } from '../text/problem-text.ts';
import { UnitSelect } from '../units/unit-select.tsx';
import { useAction } from '../use-action.ts';

const daysToChoose = [1, 7, 30, 90] as const;
const usualDays = 7;
const maxUses = 10_000;

/** What a code is for. */
export function CodeForm(props: {
  readonly units: readonly UnitDetails[];
  /** Chosen at first; empty for none. */
  readonly unit: string;
  readonly onMade: (made: NewCodeAnswer) => void;
  readonly onClose: () => void;
}) {
  const texts = useTexts();
  const { t } = texts;
  const { units } = props;
  const { run, busy, error } = useAction(async (form: FormData) => {
    const made = await post<NewCodeAnswer>('/api/v1/codes', {
      unit: form.get('unit'),
      class: form.get('class'),
      uses: Number(form.get('uses')),
      expires_days: Number(form.get('expires_days')),
      approve: form.get('approve') !== null,
    });
    props.onMade(made);
    props.onClose();
  });
  const errorOf = (name: string) => fieldProblem(error, name, texts);

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    run(new FormData(event.currentTarget as HTMLFormElement));
  }

  return (
    <Dialog title={t('codeCreate')} onClose={props.onClose}>
      <form class="form" onSubmit={submit}>
        <Field label={t('unit')} error={errorOf('unit')}>
          {(control) => (
            <UnitSelect
              control={control}
              name="unit"
              units={units}
              value={props.unit || (units.length === 1 ? (units[0]?.code ?? '') : '')}
              disabled={busy}
            />
          )}
        </Field>
        <Field label={t('class')} error={errorOf('class')}>
          {(control) => (
            <select {...control} name="class" disabled={busy}>
              {agentClasses.map((each) => (
                <option key={each} value={each} selected={each === 'pc'}>
                  {t(classTexts[each])}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t('codeUses')} error={errorOf('uses')}>
          {(control) => (
            <input
              {...control}
              name="uses"
              type="number"
              min="1"
              max={maxUses}
              step="1"
              defaultValue="1"
              required
              disabled={busy}
            />
          )}
        </Field>
        <Field label={t('codeExpires')} error={errorOf('expires_days')}>
          {(control) => (
            <select {...control} name="expires_days" disabled={busy}>
              {daysToChoose.map((days) => (
                <option key={days} value={days} selected={days === usualDays}>
                  {days === 1 ? t('codeDay') : t('codeDays', { days: String(days) })}
                </option>
              ))}
            </select>
          )}
        </Field>
        <label class="check">
          <input name="approve" type="checkbox" disabled={busy} />
          <span>
            {t('codeApprove')}
            <span class="hint">{t('codeApproveHint')}</span>
          </span>
        </label>
        <FormEnd submit={t('codeCreate')} busy={busy} error={error} onCancel={props.onClose} />
      </form>
    </Dialog>
  );
}
