import { createHash, type KeyObject } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EnrolmentCode, formatKeyFingerprint, InvalidEnrolmentCode, parseEnrolmentCode } from '@vonggac/shared';
import { describeMachine } from '../enrolment/describe-machine.ts';
import { EnrolmentRefused, enrol } from '../enrolment/enrol.ts';
import { enrolUntilDecided } from '../enrolment/enrol-until-decided.ts';
import { forgetEnrolmentKey, takeEnrolmentKey } from '../enrolment/enrolment-key.ts';
import { type Identity, loadIdentity, prepareFolder, publicKeyText, saveIdentity } from '../identity.ts';
import { protectFolder } from '../system/protect-folder-windows.ts';
import { runCommand } from '../system/run-command.ts';
import { WrongCollector } from '../uplink/connect.ts';
import { type CommandContext, CommandFailed, exitCodes, print } from './command.ts';

const longestInput = 1_000;

/** `enrol CODE`: registers this machine, if need be after a person has accepted it; the key never leaves it. */
export async function enrolCommand(context: CommandContext): Promise<number> {
  const { texts, config } = context;
  const existing = context.flags.again === true ? undefined : loadIdentity(config.folder);
  if (existing) throw new CommandFailed(texts.alreadyEnrolled(existing.agent));
  const code = readCode(context, await codeText(context));
  prepareFolder(config.folder);
  const { platform, env } = process;
  if (platform === 'win32') {
    await protectFolder(config.folder, { runCommand, systemRoot: env.SystemRoot ?? 'C:\\Windows' });
  }
  const identity = await enrolOrExplain(context, code);
  saveIdentity(config.folder, identity);
  forgetEnrolmentKey(config.folder);
  const { agent, unit } = identity;
  print(context, { value: { agent, unit, class: identity.class }, text: texts.enrolled(agent, unit) });
  return exitCodes.done;
}

/** The code as typed; `-` reads one line of standard input, which other users of the machine cannot see. */
async function codeText(context: CommandContext): Promise<string> {
  const given = context.positionals.join('');
  if (given === '') throw new CommandFailed(context.texts.noCode, exitCodes.usage);
  if (given !== '-') return given;
  let text = '';
  for await (const chunk of process.stdin) {
    text += String(chunk);
    if (text.includes('\n') || text.length > longestInput) break;
  }
  return text.split('\n')[0] ?? '';
}

function readCode(context: CommandContext, text: string): EnrolmentCode {
  const { texts } = context;
  const explanations = {
    symbol: texts.codeSymbol,
    length: texts.codeLength,
    check: texts.codeCheck,
    version: texts.codeVersion,
    address: texts.codeAddress,
  };
  let code: EnrolmentCode;
  try {
    code = parseEnrolmentCode(text.slice(0, longestInput));
  } catch (error) {
    if (!(error instanceof InvalidEnrolmentCode)) throw error;
    throw new CommandFailed(explanations[error.reason], exitCodes.usage);
  }
  const { address } = context.flags;
  if (typeof address === 'string') return { ...code, addresses: [address] };
  if (code.addresses.length === 0) throw new CommandFailed(texts.addressMissing, exitCodes.usage);
  return code;
}

async function enrolOrExplain(context: CommandContext, code: EnrolmentCode): Promise<Identity> {
  const { texts, config } = context;
  const privateKey = takeEnrolmentKey(config.folder);
  const applicant = { machine: describeMachine(), privateKey, via: config.via };
  // Beside the result, which a program may read.
  const tell = (text: string) => void process.stderr.write(`${text}\n`);
  try {
    return await enrolUntilDecided({
      ask: () => enrol(code, applicant),
      sleep: (ms) => sleep(ms),
      random: Math.random,
      say: {
        pending: (id) => tell(texts.waiting(id, fingerprintOf(privateKey))),
        busy: (seconds) => tell(texts.busy(seconds)),
        lost: (problem) => tell(texts.lostWhileWaiting(problem)),
      },
    });
  } catch (error) {
    if (error instanceof EnrolmentRefused) {
      forgetEnrolmentKey(config.folder);
      throw new CommandFailed(texts[error.reason]);
    }
    if (error instanceof WrongCollector) throw new CommandFailed(texts.wrongCollector(error.message));
    throw new CommandFailed(texts.unreachable((error as Error).message), exitCodes.notReachable);
  }
}

/** The person who decides sees the same. */
function fingerprintOf(privateKey: KeyObject): string {
  const publicKey = Buffer.from(publicKeyText(privateKey), 'base64url');
  return formatKeyFingerprint(createHash('sha256').update(publicKey).digest());
}
