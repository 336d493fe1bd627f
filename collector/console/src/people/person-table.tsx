import { useContext } from 'preact/hooks';
import { Ago } from '../parts/relative-time.tsx';
import { roleTexts } from '../parts/role-texts.ts';
import { SessionContext } from '../session.ts';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import type { PersonView } from './people-types.ts';
import { type PersonStep, personSteps, stepsFor } from './person-steps.ts';

interface Actions {
  readonly onEdit: (person: PersonView) => void;
  readonly onStep: (step: PersonStep, person: PersonView) => void;
}

export function PersonTable(
  props: Actions & { readonly people: readonly PersonView[]; readonly nameOf: (code: string) => string },
) {
  const { t } = useTexts();
  return (
    <table class="table people">
      <thead>
        <tr>
          <th scope="col">{t('accountName')}</th>
          <th scope="col">{t('personRole')}</th>
          <th scope="col">{t('state')}</th>
          <th scope="col">{t('personSecond')}</th>
          <th scope="col">{t('personLastSignIn')}</th>
          <td />
        </tr>
      </thead>
      <tbody>
        {props.people.map((person) => (
          <PersonRow
            key={person.name}
            person={person}
            unitName={person.unit === undefined ? undefined : props.nameOf(person.unit)}
            onEdit={props.onEdit}
            onStep={props.onStep}
          />
        ))}
      </tbody>
    </table>
  );
}

function PersonRow(props: Actions & { readonly person: PersonView; readonly unitName: string | undefined }) {
  const { t } = useTexts();
  const { me } = useContext(SessionContext);
  const { person } = props;
  const isDisabled = person.disabled_at !== undefined;
  return (
    <tr data-name={person.name}>
      <th scope="row" data-label={t('accountName')}>
        <bdi>{safeText(person.name)}</bdi>
        {person.name === me?.name && <span class="muted"> ({t('personYou')})</span>}
        {person.source === 'oidc' && <span class="code-note">{t('personFromDirectory')}</span>}
      </th>
      <td data-label={t('personRole')}>
        {t(roleTexts[person.role])}
        {props.unitName !== undefined && <div class="muted">{props.unitName}</div>}
      </td>
      <td data-label={t('state')}>
        <span class={isDisabled ? 'tag' : 'tag tag-good'}>{t(isDisabled ? 'personDisabled' : 'personActive')}</span>
        {person.must_change_password && <div class="muted">{t('personMustChange')}</div>}
      </td>
      <td data-label={t('personSecond')}>{t(person.totp ? 'totpOn' : 'totpOff')}</td>
      <td data-label={t('personLastSignIn')} class="nowrap">
        {person.last_sign_in_at === undefined ? t('personNever') : <Ago at={person.last_sign_in_at} />}
      </td>
      <td class="row-actions">
        {person.source === 'local' && (
          <button type="button" class="button" onClick={() => props.onEdit(person)}>
            {t('personEdit')}
          </button>
        )}
        {stepsFor(person).map((step) => (
          <button key={step} type="button" class="button" onClick={() => props.onStep(step, person)}>
            {t(personSteps[step].label)}
          </button>
        ))}
      </td>
    </tr>
  );
}
