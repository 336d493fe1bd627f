import { useState } from 'preact/hooks';
import type { AgentWithPoints, UnitDetails } from '../../../src/http/schemas.ts';
import { post } from '../api.ts';
import { Dialog, FormEnd } from '../parts/dialog.tsx';
import { Field } from '../parts/field.tsx';
import type { PlainTextKey } from '../text/dictionary.ts';
import { useTexts } from '../text/language.tsx';
import { fieldProblem } from '../text/problem-text.ts';
import { safeText } from '../text/safe-text.ts';
import { UnitSelect } from '../units/unit-select.tsx';
import { useAction } from '../use-action.ts';
import { RepeatFields } from './repeat-fields.tsx';
import { type Repeat, timesOf } from './window-times.ts';

const repeatTexts = {
  once: 'maintenanceOnce',
  daily: 'maintenanceDaily',
  weekly: 'maintenanceWeekly',
  monthly: 'maintenanceMonthly',
  cron: 'maintenanceCron',
} as const satisfies Record<Repeat, PlainTextKey>;

/** What is to be silent, when, and why. */
export function WindowForm(props: {
  readonly units: readonly UnitDetails[];
  /** Chosen at first; empty for none. */
  readonly unit: string;
  /** Instead of a unit. */
  readonly machine: AgentWithPoints | undefined;
  readonly onPlanned: () => void;
  readonly onClose: () => void;
}) {
  const texts = useTexts();
  const { t } = texts;
  const { units, machine } = props;
  const only = units.length === 1 ? (units[0]?.code ?? '') : '';
  const [unit, setUnit] = useState(props.unit || only);
  const [repeat, setRepeat] = useState<Repeat>('once');
  const links = units.find(({ code }) => code === unit)?.links ?? [];

  const { run, busy, error } = useAction(async (form: FormData) => {
    const text = (name: string) => String(form.get(name) ?? '');
    const subject = machine ? { agent: machine.id } : { unit, link: text('link') || undefined };
    await post('/api/v1/maintenance', { ...subject, ...timesOf(repeat, text), reason: text('reason') });
    props.onPlanned();
    props.onClose();
  });
  const errorOf = (...names: string[]) => names.map((name) => fieldProblem(error, name, texts)).find(Boolean);

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    run(new FormData(event.currentTarget as HTMLFormElement));
  }

  return (
    <Dialog title={t('maintenanceAdd')} onClose={props.onClose}>
      <form class="form" onSubmit={submit}>
        {machine ? (
          <p>{t('maintenanceMachineOf', { name: safeText(machine.name) })}</p>
        ) : (
          <Field label={t('unit')} error={errorOf('unit', 'agent')}>
            {(control) => (
              <UnitSelect control={control} name="unit" units={units} value={unit} disabled={busy} onChange={setUnit} />
            )}
          </Field>
        )}
        {!machine && links.length > 0 && (
          <Field label={t('maintenanceScope')} error={errorOf('link')}>
            {(control) => (
              <select {...control} name="link" disabled={busy}>
                <option value="">{t('maintenanceWholeUnit')}</option>
                {links.map(({ id }) => (
                  <option key={id} value={id}>
                    {t('maintenanceLink', { link: safeText(id) })}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        <Field label={t('maintenanceRepeat')}>
          {(control) => (
            <select
              {...control}
              value={repeat}
              disabled={busy}
              onChange={(event) => setRepeat(event.currentTarget.value as Repeat)}
            >
              {(Object.keys(repeatTexts) as Repeat[]).map((each) => (
                <option key={each} value={each}>
                  {t(repeatTexts[each])}
                </option>
              ))}
            </select>
          )}
        </Field>
        <RepeatFields repeat={repeat} busy={busy} errorOf={errorOf} />
        <Field label={t('maintenanceReason')} hint={t('maintenanceReasonHint')} error={errorOf('reason')}>
          {(control) => <input {...control} name="reason" maxLength={200} required disabled={busy} />}
        </Field>
        <FormEnd submit={t('maintenanceAdd')} busy={busy} error={error} onCancel={props.onClose} />
      </form>
    </Dialog>
  );
}
