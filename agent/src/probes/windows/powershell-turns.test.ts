import { describe, expect, it } from 'vitest';
import { PowershellTurns, type ScriptName } from './powershell-turns.ts';
import { protectionScript, updatesScript } from './scripts.ts';
import { FakeWindows, sample, signal } from './testing/fake-windows.ts';

const minute = 60_000;
const protection = sample('script-answer-protection.json');
const updates = sample('script-answer-updates.json');

function windows(): FakeWindows {
  const fake = new FakeWindows().answer('powershell.exe', protection);
  return fake.answer(`powershell.exe -NoLogo -NoProfile -NonInteractive -Command ${updatesScript}`, updates);
}

function startsOf(fake: FakeWindows): number[] {
  return [fake.started.filter((line) => line.includes(protectionScript)).length, fake.count('powershell.exe')];
}

describe('the scripts', () => {
  it.each([protectionScript, updatesScript])('are one plain argument that nothing is put into', (script) => {
    expect(script).not.toContain('"');
    expect(script).not.toContain('undefined');
    expect(script.length).toBeLessThan(8_000);
  });

  it('ask Defender only while its service runs', () => {
    const guard = protectionScript.indexOf(
      "(Get-Service WinDefend -ErrorAction SilentlyContinue).Status -eq 'Running'",
    );
    expect(guard).toBeGreaterThan(0);
    expect(protectionScript.indexOf('MSFT_Mp')).toBeGreaterThan(guard);
  });
});

describe('PowershellTurns', () => {
  it('keeps an answer for fifteen minutes', async () => {
    const { machine, ...fake } = windows();
    const first = await machine.powershell.ask('protection', signal);
    expect(first?.fields).toMatchObject({ v: 1, admins: 3 });
    expect(await machine.powershell.ask('protection', signal)).toBe(first);
    expect(fake.started).toHaveLength(1);
  });

  it('starts PowerShell once for two who ask at the same time', async () => {
    const fake = windows();
    await Promise.all([
      fake.machine.powershell.ask('protection', signal),
      fake.machine.powershell.ask('protection', signal),
    ]);
    expect(fake.count('powershell.exe')).toBe(1);
  });

  it('never starts twice in fifteen minutes, whoever asks for what and whatever happens', async () => {
    const fake = windows();
    const startedAt: number[] = [];
    for (let at = 0; at < 26 * 60; at += 1) {
      fake.nowMs = at * minute;
      const before = fake.count('powershell.exe');
      const name: ScriptName = at % 7 === 0 ? 'updates' : 'protection';
      await fake.machine.powershell.ask(name, signal);
      if (fake.count('powershell.exe') > before) startedAt.push(at);
    }
    expect(Math.min(...startedAt.slice(1).map((at, index) => at - (startedAt[index] ?? 0)))).toBeGreaterThanOrEqual(15);
    const [forProtection = 0, all = 0] = startsOf(fake);
    expect(all - forProtection).toBeGreaterThanOrEqual(1);
    expect(all - forProtection).toBeLessThanOrEqual(3);
    expect(forProtection).toBeGreaterThan(90);
  });

  it('asks for updates twice a day, though the state of the protection is asked for all the time', async () => {
    const fake = windows();
    let answer: unknown;
    for (let at = 0; at < 24 * 60; at += 1) {
      fake.nowMs = at * minute;
      await fake.machine.powershell.ask('protection', signal);
      if (at % 10 === 0) answer = (await fake.machine.powershell.ask('updates', signal))?.fields;
    }
    expect(answer).toMatchObject({ updates: { total: 5, security: 2 } });
    const [forProtection = 0, all = 0] = startsOf(fake);
    expect(all - forProtection).toBe(2);
  });

  it('does not try again for fifteen minutes what hangs', async () => {
    const fake = new FakeWindows().answer('powershell.exe', new Error('did not end within 50000 ms'));
    for (const at of [0, 1, 14.9]) {
      fake.nowMs = at * minute;
      expect((await fake.machine.powershell.ask('protection', signal))?.error).toBeInstanceOf(Error);
    }
    expect(fake.count('powershell.exe')).toBe(1);
    fake.nowMs = 15 * minute;
    await fake.machine.powershell.ask('protection', signal);
    expect(fake.count('powershell.exe')).toBe(2);
  });

  it('names the program in full', async () => {
    const commands: string[] = [];
    const runCommand = async (command: string) => {
      commands.push(command);
      return { exitCode: 0, stdout: '{}', stderr: '' };
    };
    const turns = new PowershellTurns({ runCommand, systemRoot: 'D:\\Win', monotonic: () => 0 });
    await turns.ask('protection', signal);
    expect(commands).toEqual(['D:\\Win\\System32\\WindowsPowerShell\\v1.0\\powershell.exe']);
  });
});
