import type { UnitDetails } from '../../../src/http/schemas.ts';
import type { RetirementAnswer } from '../../../src/http/unit-change-schemas.ts';
import { post } from '../api.ts';
import { Dialog, FormEnd } from '../parts/dialog.tsx';
import { Field } from '../parts/field.tsx';
import { useTexts } from '../text/language.tsx';
import { fieldProblem } from '../text/problem-text.ts';
import { safeText } from '../text/safe-text.ts';
import { useAction } from '../use-action.ts';
import { UnitSelect } from './unit-select.tsx';
import { codesBelow } from './unit-tree.ts';

/** Ends a unit, and says what became of what it had. */
export function RetireDialog(props: {
  readonly unit: UnitDetails;
  readonly units: readonly UnitDetails[];
  /** With what was done, in words. */
  readonly onRetired: (said: string) => void;
  readonly onClose: () => void;
}) {
  const texts = useTexts();
  const { t, format } = texts;
  const { unit } = props;
  const below = codesBelow(props.units, unit.code);
  const successors = props.units.filter(({ code }) => !below.has(code));

  const { run, busy, error } = useAction(async (form: FormData) => {
    const into = String(form.get('into') ?? '') || undefined;
    const from = String(form.get('from') ?? '') || undefined;
    const path = `/api/v1/units/${encodeURIComponent(unit.code)}/retire`;
    const done = await post<RetirementAnswer>(path, { into, from });
    props.onRetired(
      t('unitRetiredDone', {
        unit: safeText(unit.name),
        units: format.number(done.moved_units.length),
        machines: format.number(done.moved_agents.length),
        codes: format.number(done.moved_codes),
        revoked: format.number(done.revoked_codes),
      }),
    );
    props.onClose();
  });

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    run(new FormData(event.currentTarget as HTMLFormElement));
  }

  return (
    <Dialog title={`${t('unitRetire')}: ${safeText(unit.name)}`} onClose={props.onClose}>
      <form class="form" onSubmit={submit} noValidate>
        <p>{t('unitRetireHint')}</p>
        <Field label={t('unitSuccessor')} error={fieldProblem(error, 'into', texts)}>
          {(control) => (
            <UnitSelect
              control={control}
              name="into"
              units={successors}
              value=""
              none={t('unitNoSuccessor')}
              disabled={busy}
            />
          )}
        </Field>
        <Field label={t('unitFrom')} hint={t('unitFromHint')} error={fieldProblem(error, 'from', texts)}>
          {(control) => <input {...control} name="from" type="date" disabled={busy} />}
        </Field>
        <FormEnd submit={t('unitRetire')} dangerous busy={busy} error={error} onCancel={props.onClose} />
      </form>
    </Dialog>
  );
}
