/** People hear of incidents: a real collector, a real mail relay with STARTTLS, a real receiver of webhooks. */
import { createHmac } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Sighting } from '../../collector/src/incidents/incident.ts';
import { Incidents } from '../../collector/src/incidents/incidents.ts';
import { wordsOf } from '../../collector/src/notify/words.ts';
import { makeCertificate } from '../../collector/src/trust/testing/certificate.ts';
import { MailRelay, type ReceivedMail } from '../harness/mail-relay.ts';
import { CollectorProcess, collectorProgram, Program, temporaryFolder, until } from '../harness/program.ts';
import { WebhookReceiver } from '../harness/webhook-receiver.ts';

const password = 'mat-khau-cua-may-chu-thu';
const secret = 'khoa-ky-thong-bao';
const { title } = wordsOf('clone');

let folder: ReturnType<typeof temporaryFolder>;
let relay: MailRelay;
let receiver: WebhookReceiver;
let collector: CollectorProcess;
let incidents: Incidents;
let config: string;

beforeEach(async () => {
  folder = temporaryFolder();
  const certificate = await makeCertificate({ names: ['thu.tinh.example', '127.0.0.1'] });
  relay = new MailRelay({ ...certificate, user: 'giamsat', password });
  receiver = new WebhookReceiver();
  await Promise.all([relay.start(), receiver.start()]);
  writeFileSync(join(folder.path, 'ca.pem'), certificate.cert);
  writeFileSync(join(folder.path, 'password'), `${password}\n`, { mode: 0o600 });
  config = join(folder.path, 'collector.yaml');
  configure();
  const data = join(folder.path, 'data');
  collector = new CollectorProcess(data, { VONGGAC_CONFIG: config, VONGGAC_NOTIFY_MAY_SECRET: secret });
  await collector.start();
  incidents = new Incidents(data);
});

afterEach(async () => {
  incidents.stop();
  await collector.stop('SIGKILL');
  await Promise.all([relay.stop(), receiver.stop()]);
  folder.remove();
});

/** `mail`: further keys of the mail's channel. */
function configure(mail: object = {}): void {
  const fast = { gather_seconds: 2, update_minutes: 0.05 };
  const email = {
    ...fast,
    kind: 'email',
    host: '127.0.0.1',
    port: relay.port,
    user: 'giamsat',
    password_file: join(folder.path, 'password'),
    ca_file: join(folder.path, 'ca.pem'),
    from: 'giamsat@tinh.example',
    to: ['truc@tinh.example'],
    ...mail,
  };
  const leaders = { ...fast, kind: 'webhook', url: receiver.url, language: 'en', routes: [{ level: 2 }] };
  const hook = { ...fast, kind: 'webhook', url: receiver.url, language: 'en', update_minutes: 1_000 };
  const channels = { thu: email, may: hook, 'lanh-dao': { ...leaders, url: `${receiver.url}?level=2` } };
  writeFileSync(config, JSON.stringify({ notify: { channels }, incidents: { escalate_minutes: { critical: [0.3] } } }));
}

function sighting(subject: string, changes: Partial<Sighting> = {}): Sighting {
  const evidence = { at: Date.now(), what: 'second-holder', facts: { hostname: `pc-${subject}` } };
  return { kind: 'clone', severity: 'critical', subject, unit: undefined, evidence, ...changes };
}

const mail = (what: string, isIt: (mail: ReceivedMail) => boolean) => until(what, () => relay.mails.find(isIt));
const told = (id: number, event: string) =>
  receiver.posts.filter(({ body }) => body.incidents.some((each) => each.id === id && each.event === event));

test('an incident is told when it opens, grows, rises and is over: one thread of mails, signed posts', async () => {
  const { id } = incidents.report(sighting('a-1'));
  const opened = await mail('the first mail', ({ headers }) => headers.subject?.includes('[NGHIÊM TRỌNG]') === true);
  expect(opened).toMatchObject({ to: ['truc@tinh.example'], wasEncrypted: true });
  expect(opened.headers.subject).toBe(`[NGHIÊM TRỌNG] ${title.vi}: a-1`);
  expect(opened.text).toContain('Tên máy: pc-a-1');
  expect(opened.text).toContain('\nLàm ngay: ');

  incidents.report(sighting('a-1', { times: 41 }));
  const grown = await mail('the mail with the count', ({ headers }) => headers.subject?.includes('×42') === true);
  const post = await until('the post', () => told(id, 'opened')[0]);
  const signature = createHmac('sha256', secret).update(`${post.headers['x-vonggac-time']}.${post.raw}`).digest('hex');
  expect(post.headers['x-vonggac-signature']).toBe(`sha256=${signature}`);
  expect(post.body.subject).toBe(`[CRITICAL] ${title.en}: a-1`);

  await until('it to rise', () => told(id, 'escalated')[0], 90_000);
  expect(incidents.get(id)).toMatchObject({ level: 2 });

  collector.command('incidents', 'acknowledge', `${id}`, '--note', 'đang xem');
  incidents.resolve('clone', 'a-1', Date.now());
  const over = await mail('the last mail', ({ headers }) => headers.subject?.startsWith('[ĐÃ XONG]') === true);
  expect(over.text).toContain('Ghi chú: đang xem');
  for (const { headers } of [grown, over]) {
    expect(headers).toMatchObject({
      'in-reply-to': opened.headers['message-id'],
      references: opened.headers['message-id'],
    });
  }
  await until('both receivers to hear that it is over', () => told(id, 'resolved').length === 2);
  expect(told(id, 'opened')).toHaveLength(1);

  const { id: snoozed } = incidents.report(sighting('a-2'));
  incidents.snooze(snoozed, { at: Date.now(), by: 'lan', until: Date.now() + 3_600_000 });
  expect(collector.command('incidents', 'unsnooze', `${snoozed}`)).toMatchObject({ snoozed_until: null });
  await until('what was put off to be told', () => told(snoozed, 'opened')[0]);
  expect(collector.command('incidents', 'snooze', `${snoozed}`, '--until', '2h')).toMatchObject({
    snoozed_by: expect.any(String),
  });

  const list = await until('all to be sent', async () => {
    const answer = (await collector.get('/api/v1/notifications')) as { items: { state: string }[] };
    return answer.items.every(({ state }) => state === 'sent') && answer;
  });
  const all = JSON.stringify(list) + collector.program.output + (await collector.get('/metrics'));
  expect(all).toMatch(/vonggac_notifications_total\{channel="thu",state="sent"\} [1-9]/);
  expect(all).not.toMatch(new RegExp(`${password}|${secret}|bi-mat-cua-dich`));
}, 300_000);

test('a storm is one digest; what waits for a receiver that is away is told when it is back, over a restart, once', async () => {
  await receiver.stop();
  const ids: number[] = [];
  incidents.together(() => {
    for (let i = 0; i < 150; i += 1) ids.push(incidents.report(sighting(`a-${i}`, { severity: 'warning' })).id);
  });
  const digest = await mail('the digest', ({ headers }) => headers.subject?.includes('150') === true);
  expect(digest.headers.subject).toBe(`[TỔNG HỢP] 150 sự cố mới: ${title.vi}`);
  const waiting = async () => (await collector.get('/metrics')) as string;
  await until('the post to wait', async () => /notifications_waiting\{channel="may"\} 1\n/.test(await waiting()));

  await collector.stop('SIGKILL');
  await receiver.start();
  await collector.start();
  const post = await until('the post after the restart', () => receiver.posts[0], 150_000);
  expect(post.body).toMatchObject({ event: 'digest', total: 150 });
  // A later incident is told after all that waited: had anything been told twice, it would be here by then.
  const last = incidents.report(sighting('a-last')).id;
  await until('the last one to be told', () => told(last, 'opened')[0]);
  await mail('the last mail', ({ headers }) => headers.subject?.endsWith('a-last') === true);
  expect(receiver.posts.filter(({ body }) => body.event === 'digest')).toHaveLength(1);
  expect(relay.mails).toHaveLength(2);
}, 300_000);

test('a test message says what is wrong: certificate, password, recipient, its file, nobody there', async () => {
  // Beside this process, in which the relay runs.
  const send = async (mailKeys: object = {}, channel = 'thu') => {
    configure(mailKeys);
    const args = [collectorProgram, 'notify', 'test', channel, '--data', collector.folder];
    const command = new Program(args, { VONGGAC_CONFIG: config });
    command.start();
    await until('the command to end', () => !command.running);
    return { code: await command.stop(), output: command.output };
  };
  expect(await send()).toMatchObject({
    code: 0,
    output: expect.stringMatching(/^sent to truc@tinh\.example \(127\.0\.0\.1:\d+\): 250/),
  });
  expect(relay.mails.at(-1)?.headers.subject).toBe('[THỬ] Vọng Gác gửi được thông báo');
  expect(await send({}, 'may')).toMatchObject({ code: 0 });
  expect(await send({}, 'khong-co')).toMatchObject({ code: 1, output: expect.stringContaining('there are thu, may') });

  const badCertificate = await send({ ca_file: undefined });
  expect(badCertificate.output).toMatch(/could not be sent to .*self-signed certificate/);
  expect(badCertificate.code).toBe(3);

  const file = join(folder.path, 'password');
  writeFileSync(file, 'sai-mat-khau\n');
  const badPassword = await send();
  expect(badPassword).toMatchObject({ code: 1, output: expect.stringMatching(/535/) });
  expect(badPassword.output).not.toContain('sai-mat-khau');
  writeFileSync(file, `${password}\n`);

  relay.unknown.add('khong-co@tinh.example');
  expect(await send({ to: ['khong-co@tinh.example'] })).toMatchObject({
    code: 1,
    output: expect.stringMatching(/could not be sent .*no such mailbox here/),
  });
  expect(await send({ to: ['khong-co@tinh.example', 'truc@tinh.example'] })).toMatchObject({
    code: 0,
    output: expect.stringMatching(/refused: khong-co@tinh\.example/),
  });

  chmodSync(file, 0o644);
  expect(await send()).toMatchObject({
    code: 1,
    output: expect.stringMatching(/can be read by others \(mode 644\): chmod 600/),
  });
  chmodSync(file, 0o600);
  await relay.stop();
  await relay.start({ inClear: true });
  const { logins } = relay;
  const inClear = await send();
  expect(inClear).toMatchObject({ code: 3, output: expect.stringMatching(/STARTTLS/) });
  expect(relay.logins).toBe(logins);
  await relay.stop();
  expect(await send()).toMatchObject({ code: 3, output: expect.stringMatching(/ECONNREFUSED/) });
}, 300_000);
