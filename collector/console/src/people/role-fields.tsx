import { useState } from 'preact/hooks';
import type { UnitDetails } from '../../../src/http/schemas.ts';
import type { Role } from '../../../src/registry/roles.ts';
import type { ApiError } from '../api.ts';
import { Field } from '../parts/field.tsx';
import { roleTexts } from '../parts/role-texts.ts';
import type { PlainTextKey } from '../text/dictionary.ts';
import { useTexts } from '../text/language.tsx';
import { fieldProblem } from '../text/problem-text.ts';
import { UnitSelect } from '../units/unit-select.tsx';

const roles = ['viewer', 'unit-admin', 'operator', 'security', 'admin'] as const satisfies Role[];

const hints: Readonly<Record<Role, PlainTextKey>> = {
  viewer: 'roleViewerHint',
  'unit-admin': 'roleUnitAdminHint',
  operator: 'roleOperatorHint',
  security: 'roleSecurityHint',
  admin: 'roleAdminHint',
};

function isRole(text: string): text is Role {
  return roles.some((role) => role === text);
}

/** A role and, where it goes with one, the unit that it is limited to. */
export function RoleFields(props: {
  readonly first: Role;
  readonly unit: string | undefined;
  readonly units: readonly UnitDetails[];
  /** Roles that may be limited to a unit besides `unit-admin`, which always is. */
  readonly mayBeLimited?: readonly Role[];
  readonly error: ApiError | undefined;
  readonly disabled: boolean;
}) {
  const texts = useTexts();
  const { t } = texts;
  const { error, disabled } = props;
  const [role, setRole] = useState(props.first);
  const needsUnit = role === 'unit-admin';
  return (
    <>
      <Field label={t('personRole')} hint={t(hints[role])} error={fieldProblem(error, 'role', texts)}>
        {(control) => (
          <select
            {...control}
            name="role"
            disabled={disabled}
            onChange={({ currentTarget: { value } }) => {
              if (isRole(value)) setRole(value);
            }}
          >
            {roles.map((each) => (
              <option key={each} value={each} selected={each === role}>
                {t(roleTexts[each])}
              </option>
            ))}
          </select>
        )}
      </Field>
      {(needsUnit || props.mayBeLimited?.includes(role)) && (
        <Field label={t('personUnit')} hint={t('personUnitHint')} error={fieldProblem(error, 'unit', texts)}>
          {(control) => (
            <UnitSelect
              control={control}
              name="unit"
              units={props.units}
              value={props.unit ?? ''}
              {...(!needsUnit && { none: t('tokenAllUnits') })}
              disabled={disabled}
            />
          )}
        </Field>
      )}
    </>
  );
}

/** What the fields say. */
export function readRole(form: FormData): { readonly role: string; readonly unit: string | undefined } {
  return { role: String(form.get('role')), unit: String(form.get('unit') ?? '') || undefined };
}
