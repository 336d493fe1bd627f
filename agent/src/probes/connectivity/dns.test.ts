import { afterEach, describe, expect, it, test } from 'vitest';
import { parseHosts } from './resolve.ts';
import { checkUrl, testOutside } from './testing/check-url.ts';
import { dnsAnswer, dnsName } from './testing/dns-answer.ts';
import { deadPort, LocalServers } from './testing/local-server.ts';

const servers = new LocalServers();
afterEach(() => servers.stop());

const address = (text: string) => Buffer.from(text.split('.').map(Number));

test.each<[string, number, Buffer]>([
  ['?type=A&expect=10.1.2.3', 1, address('10.1.2.3')],
  ['', 1, address('10.1.2.3')],
  ['?type=NS&expect=NS1.example.vn.', 2, dnsName('ns1.example.vn')],
  ['?type=CNAME&expect=a.example.vn', 5, dnsName('a.example.vn')],
  ['?type=MX&expect=mail.example.vn', 15, Buffer.concat([Buffer.from([0, 10]), dnsName('mail.example.vn')])],
  ['?type=TXT&expect=v%3D1', 16, Buffer.from('\x03v=1')],
  ['?type=AAAA&expect=2001:db8::1', 28, Buffer.from('20010db8000000000000000000000001', 'hex')],
])('an answer as expected: %s', async (query, type, data) => {
  const port = await servers.udp((question, reply) => reply(dnsAnswer(question, { records: [[type, data]] })));
  const result = await checkUrl(`dns://127.0.0.1:${port}/example.vn${query}`);
  expect(result).toMatchObject({ up: true, rtts: [expect.any(Number)] });
});

test.each([
  ['a wrong answer', 0, 'dns-answer'],
  ['a server failure', 2, 'dns'],
  ['no such name', 3, 'dns-answer'],
  ['not implemented', 4, 'dns-refused'],
  ['a refusal', 5, 'dns-refused'],
])('%s', async (_, code, error) => {
  const records = code === 0 ? ([[1, address('10.6.6.6')]] as const) : [];
  const port = await servers.udp((question, reply) => reply(dnsAnswer(question, { code, records })));
  const result = await checkUrl(`dns://127.0.0.1:${port}/example.vn?expect=10.1.2.3`);
  expect(result).toMatchObject({ up: false, error });
});

test('a resolver that is asked only whether it works may say that there is no such name', async () => {
  const port = await servers.udp((question, reply) => reply(dnsAnswer(question, { code: 3 })));
  const result = await checkUrl(`dns://127.0.0.1:${port}/gov.vn`, { target: { anyAnswer: true } });
  expect(result).toMatchObject({ up: true });
});

test('nobody listens', async () => {
  const result = await checkUrl(`dns://127.0.0.1:${await deadPort()}/example.vn`);
  expect(result).toMatchObject({ up: false, error: 'refused' });
});

test.each([
  ['silence', 'timeout', () => undefined],
  ['nonsense', 'bad-answer', () => Buffer.from('HTTP/1.1 200 OK\r\n\r\n')],
  [
    'the answer to another question',
    'timeout',
    (question: Buffer) => dnsAnswer(Buffer.from(question).fill(7, 0, 2), {}),
  ],
])('%s', async (_, error, make) => {
  const port = await servers.udp((question, reply) => {
    const answer = make(question);
    if (answer) reply(answer);
  });
  const outside = testOutside({ limitMs: 200 });
  const result = await checkUrl(`dns://127.0.0.1:${port}/example.vn`, { outside });
  expect(result).toMatchObject({ up: false, error });
});

describe('parseHosts', () => {
  const text = '# 10.0.0.1 other\n10.0.0.2\tmay.example MAY2.example # note\r\n::2 may.example\nnonsense may.example\n';

  it.each([
    ['may.example', ['10.0.0.2', '::2']],
    ['may2.example', ['10.0.0.2']],
    ['other', []],
    ['localhost', ['127.0.0.1', '::1']],
  ])('%s', (name, addresses) => {
    expect(parseHosts(text, name)).toEqual(addresses);
  });
});
