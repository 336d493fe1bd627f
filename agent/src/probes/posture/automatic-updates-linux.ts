/** Whether the machine installs security updates by itself. Sources: the settings of apt, dnf and zypper; undefined when they do not say. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export function automaticUpdates(root: string, manager: 'apt' | 'dnf' | 'zypper'): boolean | undefined {
  try {
    return { apt: byApt, dnf: byDnf, zypper: byZypper }[manager](root);
  } catch {
    return undefined;
  }
}

function byApt(root: string): boolean | undefined {
  if (!existsSync(join(root, 'usr/bin/unattended-upgrade'))) return false;
  const folder = join(root, 'etc/apt/apt.conf.d');
  // Read by apt in this order; the last word counts.
  const names = readdirSync(folder).filter((name) => /^[\w-]+(?:\.conf)?$/.test(name));
  return parseAptPeriodic(names.sort().map((name) => readFileSync(join(folder, name), 'utf8')));
}

/** `APT::Periodic::Unattended-Upgrade "1";` Undefined for the form with braces, which is hardly ever used. */
export function parseAptPeriodic(texts: readonly string[]): boolean | undefined {
  const values = new Map<string, string>();
  for (const line of texts.join('\n').split('\n')) {
    if (/^\s*(?:APT|Periodic)\b[\w:]{0,40}\s*\{/.test(line) && /Periodic/.test(texts.join('\n'))) return undefined;
    const [, name, value = ''] = /^\s*APT::Periodic::([A-Za-z-]{1,40})\s+"([^"]{0,40})"\s*;/.exec(line) ?? [];
    if (name !== undefined) values.set(name, value);
  }
  const isOn = (name: string, absent: string) => !/^0?$/.test(values.get(name) ?? absent);
  return isOn('Enable', '1') && isOn('Unattended-Upgrade', '0');
}

function byDnf(root: string): boolean | undefined {
  const file = join(root, 'etc/dnf/automatic.conf');
  if (!existsSync(file)) return false;
  const applies = /^\s*apply_updates\s*=\s*(?:yes|true|1|on)\s*$/im.test(readFileSync(file, 'utf8'));
  const wanted = join(root, 'etc/systemd/system/timers.target.wants');
  const timers = existsSync(wanted)
    ? readdirSync(wanted).filter((name) => /^dnf-automatic[\w-]*\.timer$/.test(name))
    : [];
  // This timer installs whatever the setting.
  return timers.includes('dnf-automatic-install.timer') || (applies && timers.length > 0);
}

/** SUSE's own ways; without them a server of the maker may do it all the same. */
function byZypper(root: string): boolean | undefined {
  const wanted = join(root, 'etc/systemd/system/timers.target.wants');
  if (existsSync(join(wanted, 'transactional-update.timer'))) return true;
  const file = join(root, 'etc/sysconfig/automatic_online_update');
  return existsSync(file) ? /^AOU_ENABLE_CRONJOB="true"/m.test(readFileSync(file, 'utf8')) : undefined;
}
