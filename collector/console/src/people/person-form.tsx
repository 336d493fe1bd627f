import type { UnitDetails } from '../../../src/http/schemas.ts';
import { patch, post } from '../api.ts';
import { Dialog, FormEnd } from '../parts/dialog.tsx';
import { Field } from '../parts/field.tsx';
import { useTexts } from '../text/language.tsx';
import { fieldProblem } from '../text/problem-text.ts';
import { safeText } from '../text/safe-text.ts';
import { useAction } from '../use-action.ts';
import type { PersonChanged, PersonView } from './people-types.ts';
import { RoleFields, readRole } from './role-fields.tsx';

/** Adds someone, or changes their role. */
export function PersonForm(props: {
  readonly person?: PersonView;
  readonly units: readonly UnitDetails[];
  readonly onSaved: (person: PersonChanged) => void;
  readonly onClose: () => void;
}) {
  const texts = useTexts();
  const { t } = texts;
  const { person } = props;
  const { run, busy, error } = useAction(async (form: FormData) => {
    const rights = readRole(form);
    const saved = person
      ? await patch<PersonChanged>(`/api/v1/people/${encodeURIComponent(person.name)}`, rights)
      : await post<PersonChanged>('/api/v1/people', { name: String(form.get('name')).trim(), ...rights });
    props.onSaved(saved);
    props.onClose();
  });

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    run(new FormData(event.currentTarget as HTMLFormElement));
  }

  return (
    <Dialog
      title={person ? t('personEditTitle', { name: safeText(person.name) }) : t('personAdd')}
      onClose={props.onClose}
    >
      <form class="form" onSubmit={submit}>
        {!person && (
          <Field label={t('personName')} hint={t('personNameHint')} error={fieldProblem(error, 'name', texts)}>
            {(control) => (
              <input
                {...control}
                name="name"
                type="text"
                maxLength={64}
                autocomplete="off"
                autocapitalize="none"
                spellcheck={false}
                required
                disabled={busy}
              />
            )}
          </Field>
        )}
        <RoleFields
          first={person?.role ?? 'viewer'}
          unit={person?.unit}
          units={props.units}
          error={error}
          disabled={busy}
        />
        <FormEnd submit={person ? t('save') : t('personAdd')} busy={busy} error={error} onCancel={props.onClose} />
      </form>
    </Dialog>
  );
}
