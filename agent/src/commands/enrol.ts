import { hostname } from 'node:os';
import { type EnrolmentCode, InvalidEnrolmentCode, parseEnrolmentCode } from '@vonggac/shared';
import { EnrolmentRefused, enrol } from '../enrolment/enrol.ts';
import { type Identity, loadIdentity, prepareFolder, saveIdentity } from '../identity.ts';
import { WrongCollector } from '../uplink/connect.ts';
import { version } from '../version.ts';
import { type CommandContext, CommandFailed, exitCodes, print } from './command.ts';

const longestInput = 1_000;

/** `enrol CODE`: registers this machine; the key never leaves it. */
export async function enrolCommand(context: CommandContext): Promise<number> {
  const { texts, config } = context;
  const existing = context.flags.again === true ? undefined : loadIdentity(config.folder);
  if (existing) throw new CommandFailed(texts.alreadyEnrolled(existing.agent));
  const code = readCode(context, await codeText(context));
  prepareFolder(config.folder);
  const identity = await enrolOrExplain(context, code);
  saveIdentity(config.folder, identity);
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
  try {
    return await enrol(code, { hostname: hostname(), platform: process.platform, version });
  } catch (error) {
    if (error instanceof EnrolmentRefused) throw new CommandFailed(context.texts.refused);
    if (error instanceof WrongCollector) throw new CommandFailed(context.texts.wrongCollector(error.message));
    throw new CommandFailed(context.texts.unreachable((error as Error).message), exitCodes.notReachable);
  }
}
