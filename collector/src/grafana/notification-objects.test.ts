import { expect, test } from 'vitest';
import { CalendarSection } from '../calendar/settings.ts';
import { contactPoint, muteTiming, template } from './notification-objects.ts';

test('nobody works outside the hours of the calendar that units have by default', () => {
  const calendars = { 'mot-cua': { hours: ['mon-fri 07:00-11:30', 'mon-fri 13:00-17:00', 'sat 07:00-11:30'] } };
  const timing = muteTiming(CalendarSection.parse({ default: 'mot-cua', calendars }));
  const location = 'Asia/Ho_Chi_Minh';
  const week = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'];
  expect(timing?.time_intervals).toEqual([
    { weekdays: ['sunday'], times: [{ start_time: '00:00', end_time: '24:00' }], location },
    {
      weekdays: week,
      times: [
        { start_time: '00:00', end_time: '07:00' },
        { start_time: '11:30', end_time: '13:00' },
        { start_time: '17:00', end_time: '24:00' },
      ],
      location,
    },
    {
      weekdays: ['saturday'],
      times: [
        { start_time: '00:00', end_time: '07:00' },
        { start_time: '11:30', end_time: '24:00' },
      ],
      location,
    },
  ]);
});

test('where somebody always works there is no such time', () => {
  expect(muteTiming(CalendarSection.parse({ default: '24-7' }))).toBeUndefined();
});

test('of the secret of the contact point so much is seen that a new one is told from it', () => {
  const [one, other] = ['bi-mat-1', 'bi-mat-2'].map(
    (secret) => contactPoint({ consoleUrl: 'https://c', secret }).settings.url,
  );
  expect(one).toMatch(/^https:\/\/c\/api\/v1\/grafana\/alerts\?key=[0-9a-f]{8}$/);
  expect(other).not.toBe(one);
});

test.each(['vi', 'en'] as const)('the template in %s closes what it opens', (language) => {
  const actions = [...template(language).template.matchAll(/{{ (\w+)/g)].map(([, word]) => word);
  const opened = actions.filter((word) => ['define', 'if', 'with', 'range'].includes(word ?? ''));
  expect(actions.filter((word) => word === 'end')).toHaveLength(opened.length);
});
