/**
 * Who this agent is: an Ed25519 key made here, and what the collector gave for it.
 *
 * On disk, in the data folder (mode 0700): `agent-key.pem` and `identity.json` (mode 0600). The key is written first;
 * an identity without its key, or with a damaged one, is refused, never repaired. While the key is being changed there is
 * `agent-key-next.pem` too, see agent-keys.ts.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AgentClass, isAddress } from '@vonggac/shared';
import * as z from 'zod/mini';
import { moveInto } from './system/move-into.ts';

const IdentityFile = z.object({
  agent: z.string().check(z.regex(/^[a-z0-9-]{1,64}$/)),
  unit: z.string(),
  class: AgentClass,
  /** `host:port`, in the order to try. */
  addresses: z.array(z.string().check(z.refine(isAddress))).check(z.minLength(1), z.maxLength(8)),
  /** The relay that this machine was enrolled by, `host:port`. */
  via: z.optional(z.string().check(z.refine(isAddress))),
  /** Base32 of the SHA-256 of the collector's CA key, or the beginning of it. */
  pins: z.array(z.string().check(z.regex(/^[0-9A-HJKMNP-TV-Z]{14,52}$/))).check(z.minLength(1), z.maxLength(4)),
});
type IdentityFile = z.infer<typeof IdentityFile>;

export interface Identity extends IdentityFile {
  readonly privateKey: KeyObject;
}

/** An identity that cannot be used; the message says what to do. */
export class IdentityError extends Error {
  override name = 'IdentityError';
}

export function keyFile(folder: string): string {
  return join(folder, 'agent-key.pem');
}

export function nextKeyFile(folder: string): string {
  return join(folder, 'agent-key-next.pem');
}

function identityFile(folder: string): string {
  return join(folder, 'identity.json');
}

/** Makes the folder readable by its owner only. Throws IdentityError. */
export function prepareFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (process.platform !== 'win32') chmodSync(folder, 0o700);
  } catch (cause) {
    throw new IdentityError(
      `cannot use the data folder ${folder} (${(cause as Error).message}): choose another with --data or make it writable`,
      { cause },
    );
  }
}

/** The raw public key, 32 bytes as base64url. */
export function publicKeyText(key: KeyObject): string {
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  if (x === undefined) throw new IdentityError('the key is not an Ed25519 key');
  return x;
}

export function makeKey(): KeyObject {
  return generateKeyPairSync('ed25519').privateKey;
}

/** Saves a new identity, key first. */
export function saveIdentity(folder: string, identity: Identity): void {
  prepareFolder(folder);
  // It belongs to the identity before.
  rmSync(nextKeyFile(folder), { force: true });
  writeKey(keyFile(folder), identity.privateKey);
  saveWithoutKey(folder, identity);
}

/** Saves what has changed about the identity; its key may have been changed meanwhile and is left alone. */
export function saveWithoutKey(folder: string, identity: Identity): void {
  const { privateKey: _, ...file } = identity;
  writePrivately(identityFile(folder), `${JSON.stringify(file, null, 2)}\n`);
}

export function writeKey(file: string, key: KeyObject): void {
  writePrivately(file, key.export({ type: 'pkcs8', format: 'pem' }).toString());
}

/** Reads a key that nobody else can read. Throws IdentityError, or what is wrong with the file. */
export function readKey(file: string): KeyObject {
  refuseOpenKey(file);
  return createPrivateKey(readFileSync(file));
}

/** Reads the identity; undefined when this agent is not enrolled. Throws IdentityError. */
export function loadIdentity(folder: string): Identity | undefined {
  const file = identityFile(folder);
  try {
    const text = readIfThere(file);
    if (text === undefined) return undefined;
    const parsed = IdentityFile.safeParse(JSON.parse(text));
    if (!parsed.success) throw new Error(parsed.error.issues[0]?.message ?? 'invalid');
    refuseOpenFolder(folder);
    return { ...parsed.data, privateKey: readKey(keyFile(folder)) };
  } catch (cause) {
    if (cause instanceof IdentityError) throw cause;
    throw new IdentityError(
      `cannot use the identity in ${folder} (${(cause as Error).message}): enrol this machine again with a new code`,
      { cause },
    );
  }
}

/** A key that others can read is no proof of anything. */
function refuseOpenKey(file: string): void {
  if (process.platform === 'win32') return;
  const mode = statSync(file).mode & 0o777;
  if ((mode & 0o077) === 0) return;
  throw new IdentityError(
    `${file} can be read by others (mode ${mode.toString(8)}): if nobody else used this machine run "chmod 600 ${file}", otherwise enrol again`,
  );
}

/** Who can write to the folder can put a key, pins or settings there. */
function refuseOpenFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const mode = statSync(folder).mode & 0o777;
  if ((mode & 0o022) === 0) return;
  throw new IdentityError(
    `${folder} can be written by others (mode ${mode.toString(8)}): if nobody else used this machine run "chmod 700 ${folder}", otherwise enrol again`,
  );
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function writePrivately(file: string, text: string): void {
  const fresh = `${file}.new`;
  writeFileSync(fresh, text, { mode: 0o600, flush: true });
  moveInto(fresh, file);
}
