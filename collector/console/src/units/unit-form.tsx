import { useMemo, useState } from 'preact/hooks';
import type { UnitDetails } from '../../../src/http/schemas.ts';
import { patch, post } from '../api.ts';
import { Dialog, FormEnd } from '../parts/dialog.tsx';
import { type ControlProps, Field } from '../parts/field.tsx';
import { useTexts } from '../text/language.tsx';
import { fieldProblem } from '../text/problem-text.ts';
import { useAction } from '../use-action.ts';
import { LinkEditor } from './link-editor.tsx';
import { changesOf, knownOf, readUnitForm, typedLinks } from './unit-form-values.ts';
import { kindWords, knownKinds } from './unit-kinds.ts';
import { UnitSelect } from './unit-select.tsx';
import { codesBelow } from './unit-tree.ts';

/** Adds a unit, or changes one; another parent moves it. */
export function UnitForm(props: {
  /** The unit to change; absent for a new one. */
  readonly unit?: UnitDetails;
  readonly units: readonly UnitDetails[];
  /** Where a new one is to stand. */
  readonly parent?: string;
  readonly onSaved: (code: string) => void;
  readonly onClose: () => void;
}) {
  const texts = useTexts();
  const { t, language } = texts;
  const { unit, units } = props;
  const [links, setLinks] = useState(() => typedLinks(unit));
  const kinds = useMemo(() => [...new Set([...knownKinds, ...units.flatMap(({ kind }) => kind ?? [])])], [units]);
  // A unit cannot stand below itself.
  const parents = useMemo(() => {
    const below = unit ? codesBelow(units, unit.code) : new Set();
    return units.filter(({ code }) => !below.has(code));
  }, [unit, units]);

  const { run, busy, error } = useAction(async (form: FormData) => {
    const values = readUnitForm(form, links);
    const from = String(form.get('from') ?? '') || undefined;
    const code = unit?.code ?? String(form.get('code')).trim();
    if (unit) {
      const changes = changesOf(unit, values);
      if (Object.keys(changes).length > 0) {
        await patch(`/api/v1/units/${encodeURIComponent(code)}`, { ...changes, from });
      }
    } else await post('/api/v1/units', { ...knownOf(values), code, from });
    props.onSaved(code);
    props.onClose();
  });

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    run(new FormData(event.currentTarget as HTMLFormElement));
  }

  const errorOf = (name: string) => fieldProblem(error, name, texts);
  type TextName = 'contact_name' | 'contact_phone' | 'location' | 'calendar' | 'note';
  const text = (name: TextName, maxLength: number) => (control: ControlProps) => (
    <input
      {...control}
      name={name}
      type="text"
      maxLength={maxLength}
      defaultValue={unit?.[name] ?? ''}
      disabled={busy}
    />
  );
  type NumberName = 'declared_servers' | 'declared_gateways' | 'declared_pcs';
  const number = (name: NumberName) => (control: ControlProps) => (
    <input {...control} name={name} type="number" min="0" step="1" defaultValue={unit?.[name] ?? ''} disabled={busy} />
  );

  return (
    <Dialog title={unit ? t('unitEditTitle') : t('unitAdd')} wide onClose={props.onClose}>
      <form class="form form-columns" onSubmit={submit} noValidate>
        {!unit && (
          <Field label={t('unitCode')} hint={t('unitCodeHint')} error={errorOf('code')}>
            {(control) => (
              <input {...control} name="code" type="text" maxLength={32} spellcheck={false} required disabled={busy} />
            )}
          </Field>
        )}
        <Field label={t('unitName')} error={errorOf('name')}>
          {(control) => (
            <input
              {...control}
              name="name"
              type="text"
              maxLength={200}
              defaultValue={unit?.name ?? ''}
              required
              disabled={busy}
            />
          )}
        </Field>
        <Field label={t('unitParent')} error={errorOf('parent')}>
          {(control) => (
            <UnitSelect
              control={control}
              name="parent"
              units={parents}
              value={unit?.parent ?? props.parent ?? ''}
              none={t('unitNoParent')}
              disabled={busy}
            />
          )}
        </Field>
        <Field label={t('unitKind')} error={errorOf('kind')}>
          {(control) => (
            <select {...control} name="kind" disabled={busy}>
              <option value="">{t('unitNoKind')}</option>
              {kinds.map((kind) => (
                <option key={kind} value={kind} selected={kind === unit?.kind}>
                  {kindWords(kind, language)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t('unitContact')} error={errorOf('contact_name')}>
          {text('contact_name', 100)}
        </Field>
        <Field label={t('unitPhone')} error={errorOf('contact_phone')}>
          {text('contact_phone', 60)}
        </Field>
        <Field label={t('unitLocation')} error={errorOf('location')}>
          {text('location', 300)}
        </Field>
        <Field label={t('unitLevel')} hint={t('unitLevelHint')} error={errorOf('security_level')}>
          {(control) => (
            <select {...control} name="security_level" disabled={busy}>
              <option value="">{t('unitNoKind')}</option>
              {[1, 2, 3, 4, 5].map((level) => (
                <option key={level} value={level} selected={level === unit?.security_level}>
                  {level}
                </option>
              ))}
            </select>
          )}
        </Field>
        <fieldset class="form-group">
          <legend class="field-label">{t('unitDeclared')}</legend>
          <div class="form-three">
            <Field label={t('unitServers')} error={errorOf('declared_servers')}>
              {number('declared_servers')}
            </Field>
            <Field label={t('unitGateways')} error={errorOf('declared_gateways')}>
              {number('declared_gateways')}
            </Field>
            <Field label={t('unitPcs')} error={errorOf('declared_pcs')}>
              {number('declared_pcs')}
            </Field>
          </div>
        </fieldset>
        <LinkEditor links={links} error={error} disabled={busy} onChange={setLinks} />
        <Field label={t('unitCalendar')} hint={t('unitCalendarHint')} error={errorOf('calendar')}>
          {text('calendar', 32)}
        </Field>
        <Field label={t('unitFrom')} hint={t('unitFromHint')} error={errorOf('from')}>
          {(control) => <input {...control} name="from" type="date" disabled={busy} />}
        </Field>
        <div class="form-whole">
          <Field label={t('unitNote')} error={errorOf('note')}>
            {text('note', 500)}
          </Field>
        </div>
        <div class="form-whole">
          <FormEnd submit={t('save')} busy={busy} error={error} onCancel={props.onClose} />
        </div>
      </form>
    </Dialog>
  );
}
