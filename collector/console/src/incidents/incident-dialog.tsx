import type { IncidentView } from '../../../src/http/incident-schemas.ts';
import { post } from '../api.ts';
import { Dialog, FormEnd } from '../parts/dialog.tsx';
import { Field } from '../parts/field.tsx';
import { useTexts } from '../text/language.tsx';
import { fieldProblem } from '../text/problem-text.ts';
import { useAction } from '../use-action.ts';

export type Decision = 'acknowledge' | 'assign' | 'close' | 'snooze' | 'unsnooze';

const maxNote = 200;

/** Takes an incident on, or closes it, with a word for others. */
export function IncidentDialog(props: {
  readonly incident: IncidentView;
  readonly decision: 'acknowledge' | 'close';
  readonly onDone: () => void;
  readonly onClose: () => void;
}) {
  const texts = useTexts();
  const { t } = texts;
  const { incident } = props;
  const closes = props.decision === 'close';
  const { run, busy, error } = useAction(async (note: string) => {
    const body = note === '' ? {} : { note };
    await post(`/api/v1/incidents/${incident.id}/${props.decision}`, body);
    props.onDone();
    props.onClose();
  });

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    run(String(new FormData(event.currentTarget as HTMLFormElement).get('note')).trim());
  }

  const title = t(closes ? 'incidentClose' : 'incidentAcknowledge');
  return (
    <Dialog title={title} onClose={props.onClose}>
      <form class="form" onSubmit={submit}>
        <p>{t(closes ? 'incidentCloseHint' : 'incidentAcknowledgeHint')}</p>
        <Field label={t('incidentNote')} hint={t('incidentNoteHint')} error={fieldProblem(error, 'note', texts)}>
          {(control) => (
            <textarea
              {...control}
              name="note"
              rows={3}
              maxLength={maxNote}
              defaultValue={incident.note ?? ''}
              disabled={busy}
            />
          )}
        </Field>
        <FormEnd submit={title} busy={busy} error={error} onCancel={props.onClose} />
      </form>
    </Dialog>
  );
}
