import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CommandError, type CommandFailure, type RunCommand } from '../../system/run-command.ts';
import { checkUrl, testOutside } from './testing/check-url.ts';

const folder = join(import.meta.dirname, '../../../../tests/fixtures/connectivity/ping');

function printing(stdout: string, stderr = ''): RunCommand {
  return async () => ({ exitCode: 0, stdout, stderr });
}

function sample(name: string): string {
  return readFileSync(join(folder, `${name}.txt`), 'utf8');
}

function checkWith(runCommand: RunCommand, url = 'icmp://10.77.0.1') {
  return checkUrl(url, { outside: testOutside({ runCommand }) });
}

describe('checkIcmp', () => {
  it('is up when some packets are answered, and says how many are lost', async () => {
    const result = await checkWith(printing(sample('iputils-20221126-loss')));
    expect(result).toMatchObject({ up: true, rtts: [0.031, 0.05], packets: { sent: 3, lost: 1 }, details: {} });
  });

  it('is down when none is', async () => {
    const result = await checkWith(printing(sample('busybox-1.35-no-answer')));
    expect(result).toMatchObject({ up: false, error: 'timeout', rtts: [], packets: { sent: 6, lost: 6 } });
  });

  it('asks once more when nothing of the first burst was answered', async () => {
    const calls: string[] = [];
    const outputs = [sample('busybox-1.35-no-answer').replaceAll('10.77.0.9', '10.77.0.1'), sample('iputils-20221126')];
    const result = await checkWith(async (_command, args) => {
      calls.push(args.join(' '));
      return { exitCode: 0, stdout: outputs.shift() ?? '', stderr: '' };
    });
    expect(result).toMatchObject({ up: true, error: undefined, packets: { sent: 6, lost: 3 } });
    expect(result.rtts).toHaveLength(3);
    expect(calls).toEqual(['-n -c 3 -i 0.2 -W 1 10.77.0.1', '-n -c 3 -i 0.2 -W 2 10.77.0.1']);
  });

  it('says down falsely in less than 0.1 % of checks of a line that loses 30 %', async () => {
    let seed = 20_261_123;
    const isLost = () => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return seed < 0.3 * 2 ** 32;
    };
    const runCommand: RunCommand = async () => {
      const answered = [1, 2, 3].filter(() => !isLost());
      const lines = answered.map((n) => `64 bytes from 10.77.0.1: icmp_seq=${n} ttl=64 time=9.1 ms\n`);
      const totals = `3 packets transmitted, ${answered.length} received, ${100 - 33 * answered.length}% packet loss`;
      return { exitCode: 0, stdout: `${lines.join('')}\n${totals}, time 402ms\n`, stderr: '' };
    };
    let down = 0;
    let sent = 0;
    let lost = 0;
    for (let n = 0; n < 10_000; n += 1) {
      const { up, packets } = await checkWith(runCommand);
      if (!up) down += 1;
      sent += packets?.sent ?? 0;
      lost += packets?.lost ?? 0;
    }
    expect(down / 10_000).toBeLessThan(0.001);
    // What is sent once more does not distort the loss.
    expect(lost / sent).toBeCloseTo(0.3, 2);
    expect(sent / 10_000).toBeLessThan(3.1);
  });

  it.each([
    ['by a router', sample('iputils-20221126-unreachable').replaceAll('10.88.0.9', '10.77.0.1'), ''],
    ['by this machine', '', 'ping: connect: Network is unreachable\n'],
    ['by busybox', 'PING 10.77.0.1 (10.77.0.1): 56 data bytes\n', 'ping: sendto: Network is unreachable\n'],
  ])('is unreachable when that is said %s', async (_, stdout, stderr) => {
    const runCommand = printing(stdout.replaceAll('From 10.77.0.1', 'From 10.77.0.254'), stderr);
    expect(await checkWith(runCommand)).toMatchObject({ up: false, error: 'unreachable' });
  });

  it.each([
    [
      'a ping without the right to send',
      '',
      'ping: socktype: SOCK_RAW\nping: socket: Operation not permitted\n',
      'unsupported',
    ],
    ['a ping that does not know the arguments', '', "ping: invalid option -- 'i'\n", 'unsupported'],
    ['a ping in words alone', 'Cả ba gói đều đã được trả lời.', '', 'failed'],
    ['a ping that prints nothing', '', '', 'failed'],
  ] as const)('%s is neither up nor down', async (_, stdout, stderr, error) => {
    expect(await checkWith(printing(stdout, stderr))).toMatchObject({ up: undefined, error, rtts: [] });
  });

  it.each<[CommandFailure, string]>([
    ['not-found', 'unsupported'],
    ['denied', 'unsupported'],
    ['timeout', 'failed'],
    ['too-much-output', 'failed'],
  ])('neither is a ping that fails with %s', async (failure, error) => {
    const runCommand: RunCommand = () => Promise.reject(new CommandError('no', { failure }));
    expect(await checkWith(runCommand)).toMatchObject({ up: undefined, error });
  });

  it('starts ping by path, with an address, never with a name', async () => {
    const calls: string[] = [];
    const runCommand: RunCommand = async (command, args) => {
      calls.push([command, ...args].join(' '));
      if (command !== '/bin/ping') throw new CommandError('no', { failure: 'not-found' });
      return { exitCode: 0, stdout: sample('iputils-20221126'), stderr: '' };
    };
    const outside = testOutside({ runCommand, names: { 'may.example': ['10.77.0.1'] } });
    expect(await checkUrl('icmp://may.example', { outside })).toMatchObject({
      up: true,
      details: { address: '10.77.0.1' },
    });
    expect(calls).toEqual(['/usr/bin/ping -n -c 3 -i 0.2 -W 1 10.77.0.1', '/bin/ping -n -c 3 -i 0.2 -W 1 10.77.0.1']);
  });

  it('goes on with IPv6 where there is no way by IPv4', async () => {
    const runCommand: RunCommand = async (command, args) => {
      if (args.at(-1) === '10.77.0.1')
        return { exitCode: 2, stdout: '', stderr: 'ping: connect: Network is unreachable' };
      expect(command).toBe('/usr/bin/ping6');
      return { exitCode: 0, stdout: sample('iputils-20221126-ipv6'), stderr: '' };
    };
    const outside = testOutside({ runCommand, names: { 'may.example': ['10.77.0.1', '2001:db8:77::1'] } });
    const result = await checkUrl('icmp://may.example', { outside });
    expect(result).toMatchObject({ up: true, packets: { sent: 3, lost: 0 }, details: { address: '2001:db8:77::1' } });
  });

  it('on Windows asks in its own way', async () => {
    let asked = '';
    const runCommand: RunCommand = async (command, args) => {
      asked = [command, ...args].join(' ');
      return { exitCode: 0, stdout: sample('windows-vi'), stderr: '' };
    };
    const result = await checkUrl('icmp://10.77.0.1', { outside: testOutside({ runCommand, platform: 'win32' }) });
    expect(result).toMatchObject({ up: true, packets: { sent: 3, lost: 1 } });
    expect(asked).toBe('C:\\Windows\\System32\\ping.exe -n 3 -w 1000 10.77.0.1');
  });

  it('on Windows, where each packet is waited for, asks once more with several programs at once', async () => {
    const calls: string[] = [];
    let running = 0;
    let most = 0;
    const runCommand: RunCommand = async (_command, args) => {
      calls.push(args.join(' '));
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      const stdout = sample('windows-en-general-failure').replaceAll('10.77.0.9', '10.77.0.1');
      return { exitCode: 1, stdout: calls.length === 1 ? stdout : stdout.replaceAll('= 3', '= 1'), stderr: '' };
    };
    const result = await checkUrl('icmp://10.77.0.1', { outside: testOutside({ runCommand, platform: 'win32' }) });
    expect(result).toMatchObject({ up: false, error: 'timeout', packets: { sent: 6, lost: 6 } });
    expect(calls).toEqual(['-n 3 -w 1000 10.77.0.1', ...Array(3).fill('-n 1 -w 1000 10.77.0.1')]);
    expect(most).toBe(3);
  });
});
