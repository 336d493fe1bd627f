/**
 * Whether the kernel keeps out what nothing lets in. Source: the rules that are loaded, by `nft`, or by `iptables` where
 * its older kind is in use. What a configuration file says proves nothing: ufw may be "enabled" and not loaded.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError, type RunCommand } from '../../system/run-command.ts';
import { parseIptablesInput } from './iptables-rules.ts';
import { type FilterVerdict, parseNftRuleset } from './nft-ruleset.ts';
import type { PostureFields, PosturePart } from './posture.ts';

const timeoutMs = 10_000;
/** Of a host with many containers; sets are left out by `-t`. */
const maxBytes = 4 * 1024 * 1024;

export function firewallPart(root: string, runCommand: RunCommand): PosturePart {
  return {
    name: 'firewall',
    async read(_context, signal) {
      const options = { timeoutMs, maxBytes, signal };
      const legacy = usesOldTables(root);
      try {
        const { stdout } = await runCommand('/usr/sbin/nft', ['-j', '-t', 'list', 'ruleset'], options);
        const verdict = parseNftRuleset(stdout);
        if (verdict !== 'open' || !legacy) return fieldsOf(verdict, managerOf(root) ?? 'nftables');
      } catch (error) {
        if (!(error instanceof CommandError && error.failure === 'not-found')) throw error;
        if (!legacy && !existsSync(join(root, 'sys/module/nf_tables'))) return fieldsOf('open', 'none');
        if (!legacy) return { problem: 'rules are loaded, but there is no nft to list them' };
      }
      const { stdout } = await runCommand('/usr/sbin/iptables', ['-S'], options);
      return fieldsOf(parseIptablesInput(stdout), managerOf(root) ?? 'iptables');
    },
  };
}

function fieldsOf(verdict: FilterVerdict, backend: string): PostureFields {
  if (verdict === 'closed') return { firewall: true, firewall_backend: backend };
  if (verdict === 'open') return { firewall: false, firewall_backend: 'none' };
  return { firewall_backend: backend, problem: 'its rules keep out some, but let in what no rule names' };
}

/** Tables of the kernel's older filter, which nft does not show. */
function usesOldTables(root: string): boolean {
  return /^filter$/m.test(textOf(join(root, 'proc/net/ip_tables_names')) ?? '');
}

/** What wrote the rules. */
function managerOf(root: string): string | undefined {
  if (/^ENABLED=yes\s*$/m.test(textOf(join(root, 'etc/ufw/ufw.conf')) ?? '')) return 'ufw';
  const firewalld = textOf(join(root, 'sys/fs/cgroup/system.slice/firewalld.service/cgroup.procs'));
  return firewalld !== undefined && firewalld.trim() !== '' ? 'firewalld' : undefined;
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
