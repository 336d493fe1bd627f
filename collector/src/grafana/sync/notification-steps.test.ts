import { describe, expect, test } from 'vitest';
import { contactPoint, template } from '../notification-objects.ts';
import { contactPointSteps, muteTimingSteps, templateSteps } from './notification-steps.ts';
import { AnsweringGrafana } from './testing/answering-grafana.ts';

const contactPoints = '/api/v1/provisioning/contact-points';
const wanted = contactPoint({ consoleUrl: 'https://c', secret: 'bi-mat' });
const settings = { ...wanted.settings, authorization_credentials: '[REDACTED]', maxAlerts: 0 };
const stored = { ...wanted, settings, provenance: 'api' };

describe('the contact point', () => {
  test.each([
    ['is as it should be', stored, 'unchanged'],
    ['posts elsewhere', { ...stored, settings: { ...settings, url: 'https://old' } }, 'change'],
    ['is another one of that name', { ...stored, uid: 'cua-toi' }, 'refused'],
    ['has another name', { ...stored, name: 'moi' }, 'refused'],
    ['is of a person', { ...stored, provenance: '', settings: {} }, 'refused'],
    ['is of a file', { ...stored, provenance: 'file', settings: {} }, 'refused'],
  ])('%s', async (_, there, action) => {
    const grafana = new AnsweringGrafana({ [contactPoints]: [there] });
    expect((await contactPointSteps(grafana.context(), wanted)).made.map((step) => step.action)).toEqual([action]);
  });

  test('is written with its uid and secret, so that it is never there twice', async () => {
    const grafana = new AnsweringGrafana({ [contactPoints]: null });
    const { made } = await contactPointSteps(grafana.context(), wanted);
    await made[0]?.apply?.();
    expect(grafana.writes).toEqual([{ call: `POST ${contactPoints}`, body: wanted }]);
  });

  test('is one too many without a secret; those of others are not', async () => {
    const mine = { ...stored, uid: 'vonggac-mine', provenance: '' };
    const grafana = new AnsweringGrafana({ [contactPoints]: [stored, mine, { ...stored, uid: 'x' }] });
    const { made, stale } = await contactPointSteps(grafana.context({ prune: true }), undefined);
    expect(made).toEqual([]);
    for (const step of stale) await step.apply?.();
    expect(grafana.writes.map(({ call }) => call)).toEqual([`DELETE ${contactPoints}/vonggac-webhook`]);
  });
});

test('where no template is some versions say so by 404', async () => {
  const grafana = new AnsweringGrafana({});
  const { made } = await templateSteps(grafana.context(), template('vi'));
  expect(made.map(({ action }) => action)).toEqual(['create']);
});

test('versions that do not say who made a mute timing go by its name', async () => {
  const name = 'vonggac-ngoai-gio';
  const timing = { name, time_intervals: [{ weekdays: ['sunday'], times: [], location: 'Asia/Ho_Chi_Minh' }] };
  const grafana = new AnsweringGrafana({ '/api/v1/provisioning/mute-timings': [{ name, time_intervals: [] }] });
  const actionOf = async (tellsProvenance: boolean) => {
    const context = grafana.context();
    const features = { ...context.features, tellsProvenance };
    return (await muteTimingSteps({ ...context, features }, timing)).made[0]?.action;
  };
  expect([await actionOf(false), await actionOf(true)]).toEqual(['change', 'refused']);
});
