/** Rows 17 to 23 of the attacks: authentication and enrolment. */

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { closeCodes, parseEnrolmentCode } from '@vonggac/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askNonce, flood, guess, post, proofOf } from '../harness/enrolment-guess.ts';
import { HostileTarget } from '../harness/hostile-target.ts';
import { temporaryFolder, until } from '../harness/program.ts';

function tokenOf(target: HostileTarget, ...flags: string[]): { id: string; token: string } {
  const made = target.collector.command('codes', 'create', '--unit', 'DV', '--class', 'pc', ...flags) as {
    id: string;
    short_code: string;
  };
  return { id: made.id, token: parseEnrolmentCode(made.short_code).token };
}

describe('a collector', () => {
  const folder = temporaryFolder();
  const target = new HostileTarget(folder.path, { failed_tokens_per_address: 1_000, failed_tokens_per_second: 1_000 });
  beforeAll(() => target.start());
  afterAll(async () => {
    await target.stop();
    folder.remove();
  });

  test('refuses wrong, used, expired and revoked codes with one answer at one time', async () => {
    const used = tokenOf(target);
    expect((await guess(used.token, { port: target.port })).status).toBe(200);
    const revoked = tokenOf(target);
    target.collector.command('codes', 'revoke', revoked.id);
    const expired = tokenOf(target);
    const database = new DatabaseSync(join(target.collector.folder, 'collector.db'));
    database.prepare('UPDATE codes SET expires_at = 1 WHERE id = ?').run(expired.id);
    database.close();
    const approval = tokenOf(target, '--approve');
    target.collector.command('codes', 'revoke', approval.id);
    const tokens = {
      wrong: '000000000000000',
      used: used.token,
      revoked: revoked.token,
      expired: expired.token,
      approval: approval.token,
    };
    await target.endures('codes that are not good', async () => {
      const medians: number[] = [];
      const bodies = new Set<string>();
      for (const token of Object.values(tokens)) {
        const answers = [];
        for (let i = 0; i < 9; i += 1) answers.push(await guess(token, { port: target.port }));
        for (const { status, body } of answers) bodies.add(`${status} ${body}`);
        medians.push(answers.map(({ ms }) => ms).sort((a, b) => a - b)[4] ?? 0);
      }
      expect([...bodies]).toHaveLength(1);
      expect([...bodies][0]).toMatch(/^403 /);
      expect(Math.max(...medians) - Math.min(...medians)).toBeLessThan(5);
    });
    for (const token of Object.values(tokens)) expect(target.collector.program.output).not.toContain(token);
  });

  test('tells of a code that wants approval no more than of any other, but to whoever proves token and key', async () => {
    const { id, token } = tokenOf(target, '--approve');
    await target.endures('a machine without its key', async () => {
      const wrong = await guess('000000000000000', { port: target.port });
      const keyless = await guess(token, { port: target.port });
      expect([keyless.status, keyless.body]).toEqual([wrong.status, wrong.body]);
      const stranger = await askNonce(target.port);
      const forged = { ...JSON.parse(proofOf(token, stranger)), signature: 'A'.repeat(86) };
      expect(await post(stranger.line, JSON.stringify(forged))).toMatchObject({ status: 403, body: wrong.body });
      expect(target.collector.command('agents', 'pending')).toEqual({ items: [], next: null });
      const { last_uses } = target.collector.command('codes', 'show', id) as { last_uses: { outcome: string }[] };
      expect(last_uses.map(({ outcome }) => outcome)).toEqual(['key_refused']);
    });
  });

  test('refuses a recorded enrolment on another connection, and a second one on the same nonce', async () => {
    const { token } = tokenOf(target);
    await target.endures('replayed enrolments', async () => {
      const first = await askNonce(target.port);
      const recorded = proofOf(token, first);
      expect((await post((await askNonce(target.port)).line, recorded)).status).toBe(403);
      expect((await post(first.line, recorded)).status).toBe(200);
      const noNonce = await askNonce(target.port);
      expect((await post(noNonce.line, proofOf(token, { line: noNonce.line, nonce: '' }))).status).toBe(403);
    });
  });

  test('refuses a recorded hello on another connection', async () => {
    await target.endures('a replayed hello', async () => {
      const recorded = await (await target.stranger()).hello();
      const second = await target.stranger();
      second.send(recorded);
      expect((await second.closed).code).toBe(closeCodes.badSignature.code);
    });
  });

  test('answers a request that is too large, no JSON or no enrolment, and lives on', async () => {
    await target.endures('bad enrolments', async () => {
      const bodies: [string, number][] = [
        ['x'.repeat(1_000_000), 413],
        ['{', 400],
        ['['.repeat(4_000), 400],
        ['{"lookup":"a","proof":"a","publicKey":"a","hostname":1}', 400],
        [JSON.stringify({ lookup: 'a', proof: 'a', publicKey: 'a', hostname: 'a', platform: 'a', version: 'a' }), 403],
      ];
      for (const [body, status] of bodies) {
        const { line } = await askNonce(target.port);
        expect((await post(line, body)).status).toBe(status);
      }
    });
  });

  test('has so many enrolments under way and no more', async () => {
    await target.endures('idle enrolments', async () => {
      const lines = await Promise.all(Array.from({ length: 50 }, () => askNonce(target.port)));
      await expect(guess('000000000000000', { port: target.port })).resolves.toMatchObject({ status: 503 });
      expect(await target.counter('vonggac_enrolments_total', 'busy')).toBeGreaterThan(0);
      for (const { line } of lines) expect((await line.closed).afterMs).toBeLessThan(10_500);
    });
  });

  test('takes the identity from the key, whatever the hello and the tags say', async () => {
    await target.endures('a borrowed name', async () => {
      const agent = await target.stranger();
      const other = agent.identity.agent;
      agent.send(
        await agent.hello({ hostname: 'a,role=admin v=1 1\nevil,host=x v=9\u202e', unit: 'X', class: 'server' }),
      );
      await agent.next('welcome');
      agent.batch(1);
      await agent.ack(1);
      const path = `/api/v1/series?measurement=cpu&field=usage_percent&agent=${other}`;
      const { series } = (await target.collector.get(path)) as { series: { tags: object }[] };
      expect(series.at(-1)?.tags).toMatchObject({ agent: other, unit: 'DV', class: 'pc' });
      expect(JSON.stringify(series)).not.toMatch(/\\n|\u202e/);
    });
  });
});

describe('a collector with its usual limits', () => {
  const folder = temporaryFolder();
  const target = new HostileTarget(folder.path);
  beforeAll(() => target.start());
  afterAll(async () => {
    await target.stop();
    folder.remove();
  });

  test('makes an address that guesses wait, longer each time, and tells a person', async () => {
    await target.endures('guesses from one address', async () => {
      const from = '127.0.0.5';
      // Beforehand: making a code may take longer than the first wait.
      const { token } = tokenOf(target);
      const statuses: number[] = [];
      for (let i = 0; i < 12; i += 1)
        statuses.push((await guess('000000000000000', { port: target.port, from })).status);
      expect(statuses).toEqual([...Array<number>(10).fill(403), 429, 429]);
      await until('the log line', () =>
        target.collector.program.output.includes('many wrong enrolment codes from one address'),
      );
      // Even a good code has to wait there, and works from elsewhere.
      await expect(guess(token, { port: target.port, from })).resolves.toMatchObject({ status: 429 });
      await expect(guess(token, { port: target.port })).resolves.toMatchObject({ status: 200 });
      expect(await target.counter('vonggac_enrolments_total', 'held')).toBeGreaterThanOrEqual(3);
    });
  });

  test('answers ten thousand guesses from one address a dozen times, and tells a person', async () => {
    await target.endures('10,000 guesses from one address', async () => {
      const { tally, seconds } = await flood({
        port: target.port,
        guesses: 10_000,
        atOnce: 100,
        from: () => '127.0.0.6',
      });
      // Ten are free; then the address waits 1, 2, 4… seconds for each further one.
      expect(tally['403']).toBeGreaterThanOrEqual(10);
      expect(tally['403']).toBeLessThanOrEqual(11 + Math.log2(1 + seconds));
      expect(['403', '429', '503', 'cut']).toEqual(expect.arrayContaining(Object.keys(tally)));
      expect(await target.counter('vonggac_enrolment_alarms_total', 'address')).toBeGreaterThan(0);
      expect(await target.counter('vonggac_agents_port_refusals_total', '_per_address')).toBeGreaterThan(1_000);
    });
  });

  test('holds enrolment when ten thousand guesses come from 500 addresses, while agents report on', async () => {
    await target.endures('10,000 guesses from 500 addresses', async () => {
      const from = (index: number) => `127.0.${10 + ((index % 500) >> 7)}.${1 + ((index % 500) & 127)}`;
      const { tally, seconds } = await flood({ port: target.port, guesses: 10_000, atOnce: 100, from });
      // Twenty a second and a hundred at once, whoever asks: of a token's 2^75 not worth naming.
      expect(tally['403']).toBeLessThanOrEqual(101 + 20 * seconds);
      expect(['403', '429', '503', 'cut']).toEqual(expect.arrayContaining(Object.keys(tally)));
      expect(tally['429']).toBeGreaterThan(100);
      await until('the log line', () => target.collector.program.output.includes('from many addresses'));
      expect(await target.counter('vonggac_enrolment_alarms_total', 'everywhere')).toBeGreaterThan(0);
    });
    // A line an address would fill the disk.
    const lines = target.collector.program.output.match(/many wrong enrolment codes/g) ?? [];
    expect(lines.length).toBeLessThan(20);
  });
});
