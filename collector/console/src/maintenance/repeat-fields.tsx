import { useServerNow } from '../live/clock.tsx';
import { type ControlProps, Field } from '../parts/field.tsx';
import { useTexts } from '../text/language.tsx';
import { weekdayName, weekdays } from './recurrence.ts';
import { localMinute, type Repeat } from './window-times.ts';

const hourMs = 3_600_000;

/** The fields that say when, by how often. */
export function RepeatFields(props: {
  readonly repeat: Repeat;
  readonly busy: boolean;
  readonly errorOf: (...names: string[]) => string | undefined;
}) {
  const { t, language } = useTexts();
  const { repeat, busy, errorOf } = props;
  const now = useServerNow();
  if (repeat === 'once') {
    return (
      <div class="form form-columns form-group">
        <Field label={t('maintenanceFrom')} error={errorOf('from')}>
          {(control) => <Moment control={control} name="from" value={localMinute(now)} busy={busy} />}
        </Field>
        <Field label={t('maintenanceTo')} error={errorOf('to')}>
          {(control) => <Moment control={control} name="to" value={localMinute(now + 2 * hourMs)} busy={busy} />}
        </Field>
      </div>
    );
  }
  return (
    <>
      {repeat === 'cron' && (
        <Field label={t('maintenanceCronLabel')} hint={t('maintenanceCronHint')} error={errorOf('cron')}>
          {(control) => <input {...control} name="cron" maxLength={100} required spellcheck={false} disabled={busy} />}
        </Field>
      )}
      <div class="form form-columns form-group">
        {repeat === 'weekly' && (
          <Field label={t('maintenanceWeekday')}>
            {(control) => (
              <select {...control} name="weekday" disabled={busy}>
                {weekdays.map((each) => (
                  <option key={each} value={each} selected={each === 6}>
                    {weekdayName(each, language)}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        {repeat === 'monthly' && (
          <Field label={t('maintenanceDay')}>
            {(control) => (
              <input {...control} name="day" type="number" min="1" max="31" defaultValue="1" required disabled={busy} />
            )}
          </Field>
        )}
        {repeat !== 'cron' && (
          <Field label={t('maintenanceStart')} error={errorOf('cron')}>
            {(control) => <input {...control} name="time" type="time" defaultValue="22:00" required disabled={busy} />}
          </Field>
        )}
        <Field label={t('maintenanceHours')} error={errorOf('duration_minutes')}>
          {(control) => (
            <input
              {...control}
              name="hours"
              type="number"
              min="0.25"
              max="72"
              step="0.25"
              defaultValue="2"
              required
              disabled={busy}
            />
          )}
        </Field>
        <Field label={t('maintenanceLast')} error={errorOf('to')}>
          {(control) => <input {...control} name="last" type="date" disabled={busy} />}
        </Field>
      </div>
      <p class="hint">{t('maintenanceStartHint')}</p>
    </>
  );
}

function Moment(props: {
  readonly control: ControlProps;
  readonly name: string;
  readonly value: string;
  readonly busy: boolean;
}) {
  return (
    <input
      {...props.control}
      name={props.name}
      type="datetime-local"
      defaultValue={props.value}
      required
      disabled={props.busy}
    />
  );
}
