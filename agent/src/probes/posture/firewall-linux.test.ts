import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandError, type RunCommand } from '../../system/run-command.ts';
import { firewallPart } from './firewall-linux.ts';
import { parseIptablesInput } from './iptables-rules.ts';
import { parseNftRuleset } from './nft-ruleset.ts';

const sample = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../../../tests/fixtures/posture', name), 'utf8');

describe('parseNftRuleset', () => {
  it.each([
    ['nft-chains-drop.json', 'closed'],
    ['nft-reject-last.json', 'closed'],
    ['nft-firewalld-like.json', 'closed'],
    ['nft-jump-then-drop.json', 'closed'],
    ['nft-chains-empty.json', 'open'],
    ['nft-docker-only.json', 'open'],
    // Everything is let in before the drop, and IPv6 alone is filtered.
    ['nft-accept-first.json', 'open'],
    ['nft-fail2ban-only.json', 'partly'],
  ])('takes %s for %s', (name, verdict) => {
    expect(parseNftRuleset(sample(name))).toBe(verdict);
  });

  it.each(['', '{}', '[]', '{"nftables":1}', 'Operation not permitted'])('refuses %j', (text) => {
    expect(() => parseNftRuleset(text)).toThrow('nft printed no ruleset');
  });

  it('comes to an end with chains that jump in a circle', () => {
    const chain = (name: string, more: object) => ({ chain: { family: 'ip', table: 't', name, ...more } });
    const jump = (from: string, target: string) => ({
      rule: { family: 'ip', table: 't', chain: from, expr: [{ jump: { target } }] },
    });
    const nftables = [chain('a', { hook: 'input', type: 'filter' }), chain('b', {}), jump('a', 'b'), jump('b', 'a')];
    expect(parseNftRuleset(JSON.stringify({ nftables }))).toBe('open');
  });

  it('takes no other JSON for a closed firewall', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (nftables) => {
        expect(parseNftRuleset(JSON.stringify({ nftables }))).toBe('open');
      }),
    );
  });
});

describe('parseIptablesInput', () => {
  it.each([
    ['-P INPUT DROP\n-P FORWARD ACCEPT\n', 'closed'],
    ['-P INPUT ACCEPT\n-A INPUT -i lo -j ACCEPT\n-A INPUT -j REJECT --reject-with icmp-host-prohibited\n', 'closed'],
    ['-P INPUT ACCEPT\n-A INPUT -j ACCEPT\n-A INPUT -j DROP\n', 'partly'],
    [
      '-P INPUT ACCEPT\n-N f2b\n-A INPUT -p tcp -j f2b\n-A f2b -s 192.0.2.9/32 -j REJECT --reject-with icmp-port-unreachable\n',
      'partly',
    ],
    ['-P INPUT ACCEPT\n', 'open'],
  ])('takes %j for %s', (text, verdict) => {
    expect(parseIptablesInput(text)).toBe(verdict);
  });

  it('refuses what names no policy', () => {
    expect(() => parseIptablesInput('Permission denied')).toThrow('named no policy');
  });
});

describe('firewallPart', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'vonggac-firewall-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function file(path: string, text: string): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }

  function read(answers: Readonly<Record<string, string>>) {
    const runCommand: RunCommand = async (command) => {
      const stdout = answers[command];
      if (stdout === undefined) throw new CommandError(`${command} is not here`, { failure: 'not-found' });
      return { exitCode: 0, stdout, stderr: '' };
    };
    const context = { time: 0, monotonicMs: () => 0 };
    return firewallPart(root, runCommand).read(context, new AbortController().signal);
  }

  const closed = { '/usr/sbin/nft': sample('nft-reject-last.json') };
  const open = { '/usr/sbin/nft': sample('nft-chains-empty.json') };

  it('names what wrote the rules', async () => {
    expect(await read(closed)).toEqual({ firewall: true, firewall_backend: 'nftables' });
    file('sys/fs/cgroup/system.slice/firewalld.service/cgroup.procs', '700\n');
    expect(await read(closed)).toEqual({ firewall: true, firewall_backend: 'firewalld' });
    file('etc/ufw/ufw.conf', 'ENABLED=yes\nLOGLEVEL=low\n');
    expect(await read(closed)).toEqual({ firewall: true, firewall_backend: 'ufw' });
  });

  it('does not take a setting for a firewall', async () => {
    file('etc/ufw/ufw.conf', 'ENABLED=yes\n');
    expect(await read(open)).toEqual({ firewall: false, firewall_backend: 'none' });
  });

  it('does not know about one that keeps out some only', async () => {
    const fields = await read({ '/usr/sbin/nft': sample('nft-fail2ban-only.json') });
    expect(fields).toMatchObject({ firewall_backend: 'nftables', problem: expect.stringContaining('no rule names') });
    expect(fields.firewall).toBeUndefined();
  });

  it('asks iptables of the older kind, which nft does not show', async () => {
    file('proc/net/ip_tables_names', 'nat\nfilter\n');
    const iptables = { '/usr/sbin/iptables': '-P INPUT DROP\n' };
    expect(await read({ ...open, ...iptables })).toEqual({ firewall: true, firewall_backend: 'iptables' });
    expect(await read(iptables)).toEqual({ firewall: true, firewall_backend: 'iptables' });
    await expect(read(open)).rejects.toThrow('/usr/sbin/iptables is not here');
  });

  it('is none on a kernel without rules, and unknown where nothing lists them', async () => {
    expect(await read({})).toEqual({ firewall: false, firewall_backend: 'none' });
    file('sys/module/nf_tables/refcnt', '1');
    expect(await read({})).toEqual({ problem: 'rules are loaded, but there is no nft to list them' });
  });
});
