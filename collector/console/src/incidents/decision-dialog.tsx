import { useContext } from 'preact/hooks';
import type * as z from 'zod';
import type { AssigneeList, IncidentView } from '../../../src/http/incident-schemas.ts';
import { getJson, post } from '../api.ts';
import { ConfirmDialog, Dialog, FormEnd } from '../parts/dialog.tsx';
import { Field } from '../parts/field.tsx';
import { ErrorNotice } from '../parts/notice.tsx';
import { SessionContext } from '../session.ts';
import type { PlainTextKey } from '../text/dictionary.ts';
import { useTexts } from '../text/language.tsx';
import { fieldProblem } from '../text/problem-text.ts';
import { safeText } from '../text/safe-text.ts';
import { useAction } from '../use-action.ts';
import { useFetched } from '../use-fetched.ts';
import { type Decision, IncidentDialog } from './incident-dialog.tsx';

interface Props {
  readonly incident: IncidentView;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

const hourMs = 3_600_000;
const snoozeTexts = {
  1: 'incidentSnooze1',
  4: 'incidentSnooze4',
  24: 'incidentSnooze24',
  72: 'incidentSnooze72',
  168: 'incidentSnooze168',
  720: 'incidentSnooze720',
} as const satisfies Record<number, PlainTextKey>;

/** What a person does about an incident. */
export function DecisionDialog({ decision, ...props }: Props & { readonly decision: Decision }) {
  if (decision === 'assign') return <AssignDialog {...props} />;
  if (decision === 'snooze') return <SnoozeDialog {...props} />;
  if (decision === 'unsnooze') return <UnsnoozeDialog {...props} />;
  return <IncidentDialog {...props} decision={decision} />;
}

function AssignDialog({ incident, onDone, onClose }: Props) {
  const texts = useTexts();
  const { t } = texts;
  const { me } = useContext(SessionContext);
  const path = `/api/v1/incidents/${incident.id}/assignees`;
  const people = useFetched(path, (signal) => getJson<z.infer<typeof AssigneeList>>(path, signal));
  const { run, busy, error } = useAction(async (to: string) => {
    await post(`/api/v1/incidents/${incident.id}/assign`, { to: to === '' ? null : to });
    onDone();
    onClose();
  });

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    run(String(new FormData(event.currentTarget as HTMLFormElement).get('to')));
  }

  // The focus goes into the form when the window opens.
  if (people.loading) return null;
  const names = people.data?.items.map(({ name }) => name) ?? [];
  // Most take it themselves.
  const sorted = names.toSorted((a, b) => Number(b === me?.name) - Number(a === me?.name));
  const chosen = incident.assigned_to ?? sorted[0] ?? '';
  return (
    <Dialog title={t('incidentAssign')} onClose={onClose}>
      {people.error && <ErrorNotice error={people.error} onRetry={people.reload} />}
      {people.data && (
        <form class="form" onSubmit={submit}>
          <p>{t('incidentAssignHint')}</p>
          <Field label={t('incidentAssignee')} error={fieldProblem(error, 'to', texts)}>
            {(control) => (
              <select {...control} name="to" disabled={busy}>
                {sorted.map((name) => (
                  <option key={name} value={name} selected={name === chosen}>
                    {name === me?.name ? t('incidentMe', { name: safeText(name) }) : safeText(name)}
                  </option>
                ))}
                <option value="">{t('incidentNobody')}</option>
              </select>
            )}
          </Field>
          <FormEnd submit={t('incidentAssign')} busy={busy} error={error} onCancel={onClose} />
        </form>
      )}
    </Dialog>
  );
}

function SnoozeDialog({ incident, onDone, onClose }: Props) {
  const texts = useTexts();
  const { t } = texts;
  const { run, busy, error } = useAction(async (hours: number) => {
    // A little less than the longest: the clock here may be ahead of the collector's.
    const until = Date.now() + hours * hourMs - (hours === 720 ? hourMs : 0);
    await post(`/api/v1/incidents/${incident.id}/snooze`, { until: new Date(until).toISOString() });
    onDone();
    onClose();
  });

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    run(Number(new FormData(event.currentTarget as HTMLFormElement).get('hours')));
  }

  return (
    <Dialog title={t('incidentSnooze')} onClose={onClose}>
      <form class="form" onSubmit={submit}>
        <p>{t('incidentSnoozeHint')}</p>
        <Field label={t('incidentSnoozeFor')} error={fieldProblem(error, 'until', texts)}>
          {(control) => (
            <select {...control} name="hours" disabled={busy}>
              {Object.entries(snoozeTexts).map(([hours, text]) => (
                <option key={hours} value={hours}>
                  {t(text)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <FormEnd submit={t('incidentSnooze')} busy={busy} error={error} onCancel={onClose} />
      </form>
    </Dialog>
  );
}

function UnsnoozeDialog({ incident, onDone, onClose }: Props) {
  const { t } = useTexts();
  return (
    <ConfirmDialog
      title={t('incidentUnsnooze')}
      confirm={t('incidentUnsnooze')}
      onConfirm={async () => {
        await post(`/api/v1/incidents/${incident.id}/unsnooze`);
        onDone();
      }}
      onClose={onClose}
    >
      <p>{t('incidentUnsnoozeHint')}</p>
    </ConfirmDialog>
  );
}
