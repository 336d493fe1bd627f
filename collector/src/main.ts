/** `vonggac`, the collector's program: finds the command and turns what goes wrong into one sentence and an exit code. */
import { BackupError } from './backup/backup-error.ts';
import { agentsCommand } from './cli/agents.ts';
import { ApiError, NotReachable } from './cli/api-client.ts';
import { auditCommand } from './cli/audit.ts';
import { availabilityCommand } from './cli/availability.ts';
import { backupCommand } from './cli/backup.ts';
import { checkConfigCommand } from './cli/check-config.ts';
import { codesCommand } from './cli/codes.ts';
import { type Command, CommandFailed, exitCodes, UsageError } from './cli/command.ts';
import { devicesCommand } from './cli/devices.ts';
import { grafanaCommand } from './cli/grafana.ts';
import { incidentsCommand } from './cli/incidents.ts';
import { linksCommand } from './cli/links.ts';
import { maintenanceCommand } from './cli/maintenance.ts';
import { malwareCommand } from './cli/malware.ts';
import { notifyCommand } from './cli/notify.ts';
import { outagesCommand } from './cli/outages.ts';
import { protectionCommand } from './cli/protection.ts';
import { queryCommand } from './cli/query.ts';
import { reportCommand } from './cli/report.ts';
import { restoreCommand } from './cli/restore.ts';
import { rulesCommand } from './cli/rules.ts';
import { serveCommand } from './cli/serve.ts';
import { startCommand } from './cli/start.ts';
import { tokensCommand } from './cli/tokens.ts';
import { trustCommand } from './cli/trust.ts';
import { unitsCommand } from './cli/units.ts';
import { usersCommand } from './cli/users.ts';
import { ConfigError } from './config.ts';
import { DataFolderError } from './registry/database.ts';
import { CertificateError } from './trust/console-certificate.ts';
import { version } from './version.ts';

const versionCommand: Command = {
  usage: 'version',
  summary: 'print the version',
  async run(args) {
    const json = JSON.stringify({ version, node: process.versions.node });
    process.stdout.write(
      args.includes('--json') ? `${json}\n` : `vonggac ${version} (Node ${process.versions.node})\n`,
    );
    return exitCodes.done;
  },
};

const commands: Readonly<Record<string, Command>> = {
  start: startCommand,
  serve: serveCommand,
  query: queryCommand,
  agents: agentsCommand,
  units: unitsCommand,
  codes: codesCommand,
  tokens: tokensCommand,
  users: usersCommand,
  incidents: incidentsCommand,
  notify: notifyCommand,
  links: linksCommand,
  outages: outagesCommand,
  availability: availabilityCommand,
  maintenance: maintenanceCommand,
  devices: devicesCommand,
  protection: protectionCommand,
  malware: malwareCommand,
  report: reportCommand,
  rules: rulesCommand,
  audit: auditCommand,
  trust: trustCommand,
  backup: backupCommand,
  restore: restoreCommand,
  grafana: grafanaCommand,
  'check-config': checkConfigCommand,
  version: versionCommand,
};

function help(): string {
  const lines = Object.values(commands).map(({ usage, summary }) => `  vonggac ${usage}\n      ${summary}`);
  return ['usage:', ...lines, '', 'every command: --config FILE, --data DIR, --json', ''].join('\n');
}

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || rest.includes('--help') || name === '--help') {
    process.stdout.write(help());
    return name === undefined ? exitCodes.usage : exitCodes.done;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new UsageError(`there is no command "${name}"\n${help()}`);
  return command.run(rest);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.exitCode = exitCodeOf(error);
  process.stderr.write(
    `${process.exitCode === exitCodes.failed && !isExpected(error) ? stackOf(error) : (error as Error).message}\n`,
  );
}

function isExpected(error: unknown): boolean {
  return [CommandFailed, ApiError, DataFolderError, BackupError].some((expected) => error instanceof expected);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError || error instanceof ConfigError || error instanceof CertificateError)
    return exitCodes.usage;
  return error instanceof NotReachable ? exitCodes.notReachable : exitCodes.failed;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
