import { useState } from 'preact/hooks';
import { getJson, patch } from '../api.ts';
import { ConfirmDialog } from '../parts/dialog.tsx';
import { ErrorNotice, Notice } from '../parts/notice.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { ShownOnce } from '../parts/shown-once.tsx';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import { useFetched } from '../use-fetched.ts';
import { useUnits } from '../use-units.ts';
import type { PeopleList, PersonChanged, PersonView } from './people-types.ts';
import { PersonForm } from './person-form.tsx';
import { type PersonStep, personSteps } from './person-steps.ts';
import { PersonTable } from './person-table.tsx';
import { Tabs } from './tabs.tsx';

const path = '/api/v1/people';

type Open =
  | { readonly kind: 'add' }
  | { readonly kind: 'edit'; readonly person: PersonView }
  | { readonly kind: 'step'; readonly step: PersonStep; readonly person: PersonView };

/** Who may sign in, and as what. */
export function PeoplePage() {
  const { t } = useTexts();
  const { data, error, reload } = useFetched(path, (signal) => getJson<PeopleList>(path, signal));
  const units = useUnits();
  const [open, setOpen] = useState<Open>();
  const [shown, setShown] = useState<PersonChanged>();
  const close = () => setOpen(undefined);

  function changed(person: PersonChanged): void {
    if (person.initial_password !== undefined) setShown(person);
    reload();
  }

  return (
    <>
      <Tabs />
      <PageHead title={t('people')} hint={t('peopleHint')}>
        <button type="button" class="button button-primary" onClick={() => setOpen({ kind: 'add' })}>
          {t('personAdd')}
        </button>
      </PageHead>
      {shown?.initial_password !== undefined && (
        <ShownOnce
          title={t('initialPassword', { name: safeText(shown.name) })}
          hint={t('initialPasswordHint')}
          secret={shown.initial_password}
          copy={t('copyPassword')}
          onClose={() => setShown(undefined)}
        />
      )}
      {error && <ErrorNotice error={error} onRetry={reload} />}
      {!data && !error && <Notice title={t('loading')} />}
      {data && (
        <PersonTable
          people={data.items}
          nameOf={units.nameOf}
          onEdit={(person) => setOpen({ kind: 'edit', person })}
          onStep={(step, person) => setOpen({ kind: 'step', step, person })}
        />
      )}
      {open?.kind === 'add' && <PersonForm units={units.units} onSaved={changed} onClose={close} />}
      {open?.kind === 'edit' && (
        <PersonForm person={open.person} units={units.units} onSaved={changed} onClose={close} />
      )}
      {open?.kind === 'step' && <StepDialog {...open} onDone={changed} onClose={close} />}
    </>
  );
}

function StepDialog(props: {
  readonly step: PersonStep;
  readonly person: PersonView;
  readonly onDone: (person: PersonChanged) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTexts();
  const { person } = props;
  const { title, hint, label, dangerous, change } = personSteps[props.step];
  async function confirm(): Promise<void> {
    props.onDone(await patch<PersonChanged>(`${path}/${encodeURIComponent(person.name)}`, change));
  }
  return (
    <ConfirmDialog
      title={t(title, { name: safeText(person.name) })}
      confirm={t(label)}
      dangerous={dangerous}
      onConfirm={confirm}
      onClose={props.onClose}
    >
      <p>{t(hint)}</p>
    </ConfirmDialog>
  );
}
