/** Machines that a person has to accept, with the real programs. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { AgentProcess, agentProgram, CollectorProcess, Program, temporaryFolder, until } from '../harness/program.ts';

interface Waiting {
  readonly id: string;
  readonly code: string;
  readonly hostname: string;
  readonly system: string;
  readonly address: string;
  readonly key_fingerprint: string;
}

interface Code {
  readonly id: string;
  readonly short_code: string;
}

const folder = temporaryFolder();
const collector = new CollectorProcess(join(folder.path, 'collector'));
const running: Program[] = [];
let count = 0;
let token = '';

beforeAll(async () => {
  await collector.start();
  collector.command('units', 'add', 'DV', '--name', 'Đơn vị');
  ({ token } = collector.command('tokens', 'create', '--name', 'test', '--role', 'admin') as { token: string });
});

afterEach(async () => {
  for (const program of running.splice(0)) await program.stop('SIGKILL');
});

afterAll(async () => {
  expect(await collector.stop()).toBe(0);
  // Uncaught exceptions and unhandled rejections leave a stack.
  expect(collector.program.output).not.toMatch(/\n\s+at /);
  folder.remove();
});

/** POSTs to the API as an administrator. */
async function post(path: string, body?: object): Promise<unknown> {
  const response = await fetch(new URL(path, collector.consoleUrl), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

function makeCode(...flags: string[]): Code {
  return collector.command('codes', 'create', '--unit', 'DV', '--class', 'pc', '--approve', ...flags) as Code;
}

/** A machine that runs `vonggac-agent enrol`, in a folder of its own unless one is given. */
function enrol(code: Code, where = join(folder.path, `machine-${count++}`)): { program: Program; folder: string } {
  const address = `127.0.0.1:${collector.agentsPort}`;
  const args = [agentProgram, 'enrol', code.short_code, '--address', address, '--data', where];
  const program = new Program(args, { VONGGAC_AGENT_LANG: 'en' });
  program.start();
  running.push(program);
  return { program, folder: where };
}

async function shown(program: Program): Promise<{ id: string; fingerprint: string }> {
  const [, id = '', fingerprint = ''] = await until(
    'the machine to say that it waits',
    () => /request number: +(p-\w+)\s+key fingerprint: +([\w-]{24})/.exec(program.output) ?? undefined,
  );
  return { id, fingerprint };
}

/** Waits for the end of the program by itself. */
async function ended(program: Program): Promise<number | null> {
  await until('the enrolment to end', () => !program.running);
  return (await program.stop()) as number | null;
}

function waiting(): Waiting[] {
  return (collector.command('agents', 'pending') as { items: Waiting[] }).items;
}

function outcomes(code: Code): string[] {
  const { last_uses } = collector.command('codes', 'show', code.id) as { last_uses: { outcome: string }[] };
  return last_uses.map(({ outcome }) => outcome);
}

function actionsOn(subject: string): string[] {
  const { items } = collector.command('audit') as { items: { action: string; subject: string | null }[] };
  return items.filter((entry) => entry.subject === subject).map(({ action }) => action);
}

describe('a machine with a code that wants approval', () => {
  test('waits, shows the fingerprint that the person sees, and goes on when it is accepted by command', async () => {
    const code = makeCode();
    const machine = enrol(code);
    const { id, fingerprint } = await shown(machine.program);
    expect(waiting()).toMatchObject([
      { id, code: code.id, key_fingerprint: fingerprint, address: '127.0.0.1', system: expect.stringMatching(/\w/) },
    ]);
    expect(collector.command('agents')).toEqual({ items: [], next: null });
    expect(existsSync(join(machine.folder, 'identity.json'))).toBe(false);
    expect(String(await collector.get('/metrics'))).toContain('vonggac_pending_approvals 1');

    const { agent } = collector.command('agents', 'accept', id) as { agent: string };
    expect(await ended(machine.program)).toBe(0);
    expect(machine.program.output).toContain(`enrolled as ${agent} in unit DV`);
    expect(existsSync(join(machine.folder, 'enrolment-key.pem'))).toBe(false);
    expect(waiting()).toEqual([]);
    expect(outcomes(code)).toEqual(['accepted', 'pending']);
    expect(actionsOn(id)).toEqual(['enrolment.accept']);

    const reporting = new AgentProcess(machine.folder);
    reporting.start();
    running.push(reporting.program);
    await until('its first values', async () => {
      const { state } = (await collector.get(`/api/v1/agents/${agent}`)) as { state: string };
      return state === 'online';
    });
    await post(`/api/v1/agents/${agent}/revoke`);
    await until('the end of its session', () => /revoked/.test(reporting.program.output), 5_000);
  });

  test('is the same machine after Ctrl-C, and goes on when it is accepted by API', async () => {
    const made = (await post('/api/v1/codes', { unit: 'DV', class: 'pc', approve: true })) as {
      code: { id: string };
      short: string;
    };
    const code = { id: made.code.id, short_code: made.short };
    const first = enrol(code);
    const { id, fingerprint } = await shown(first.program);
    await first.program.stop('SIGINT');
    const second = enrol(code, first.folder);
    expect(await shown(second.program)).toEqual({ id, fingerprint });
    expect(outcomes(code)).toEqual(['pending']);
    const { items } = (await collector.get('/api/v1/enrolments')) as { items: Waiting[] };
    expect(items).toMatchObject([{ id, key_fingerprint: fingerprint }]);
    await post(`/api/v1/enrolments/${id}/accept`);
    expect(await ended(second.program)).toBe(0);
  });

  test('stops with a message when it is refused, and its code is there for another one', async () => {
    const code = makeCode();
    const wrong = enrol(code);
    const { id } = await shown(wrong.program);
    // Two machines with one code of one use: the second one is told at once.
    const early = enrol(code);
    expect(await ended(early.program)).toBe(1);
    expect(early.program.output).toContain('the code is wrong, used up, expired or revoked');
    collector.command('agents', 'refuse', id);
    expect(await ended(wrong.program)).toBe(1);
    expect(wrong.program.output).toContain('refused this machine');
    const late = enrol(code);
    expect((await shown(late.program)).id).not.toBe(id);
    expect(outcomes(code)).toEqual(['pending', 'refused', 'code_used_up', 'pending']);
    expect(actionsOn(id)).toEqual(['enrolment.refuse']);
  });

  test('stops with a message when nobody decides in time', async () => {
    const code = makeCode();
    const { program } = enrol(code);
    const { id } = await shown(program);
    const database = new DatabaseSync(join(collector.folder, 'collector.db'));
    database.prepare('UPDATE pending_enrolments SET asked_at = asked_at - 8 * 86400000 WHERE id = ?').run(id);
    database.close();
    expect(await ended(program)).toBe(1);
    expect(program.output).toContain('lapsed because nobody accepted it');
    expect(outcomes(code)).toEqual(['lapsed', 'pending']);
    expect(() => collector.command('agents', 'accept', id)).toThrow(`no machine ${id} waits`);
  });

  test('is refused with its code when that is revoked', async () => {
    const code = makeCode('--uses', '5');
    const { program } = enrol(code);
    await shown(program);
    expect(collector.command('codes', 'revoke', code.id)).toEqual({ revoked: code.id, refused_machines: 1 });
    expect(await ended(program)).toBe(1);
    expect(program.output).toContain('refused this machine');
  });

  test('goes on waiting when the collector is away for a while', async () => {
    const code = makeCode();
    const { program } = enrol(code);
    const { id } = await shown(program);
    await collector.stop();
    await until('the machine to notice', () => program.output.includes('is lost for the moment'));
    await collector.start();
    collector.command('agents', 'accept', id);
    expect(await ended(program)).toBe(0);
  });
});
