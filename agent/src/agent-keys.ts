/**
 * The agent's keys: the one in its place, and while it is being changed the next one.
 *
 * Specification: the next key is synced to `agent-key-next.pem` before the collector hears of it, and takes the place of
 * `agent-key.pem` by a rename when the collector says that it knows it. Until then every hello is signed by the old key,
 * which the collector takes until it has seen the new one in use. Whichever file a crash or a power cut leaves behind, the
 * collector takes one of the two keys: when it refuses the one, the other is tried.
 */
import type { KeyObject } from 'node:crypto';
import { keyFile, makeKey, nextKeyFile, publicKeyText, readKey, writeKey } from './identity.ts';
import type { Logger } from './log.ts';
import { moveInto } from './system/move-into.ts';

export class AgentKeys {
  readonly #folder: string;
  readonly #logger: Logger;
  #current: KeyObject;
  #next: KeyObject | undefined;
  #usesNext = false;

  /** `current` is the key in its place. Looks whether a change has been begun. */
  constructor(current: KeyObject, { folder, logger }: { folder: string; logger: Logger }) {
    this.#folder = folder;
    this.#logger = logger;
    this.#current = current;
    this.#next = readNext(folder);
  }

  /** What to sign the next hello with. */
  get signing(): KeyObject {
    return (this.#usesNext ? this.#next : undefined) ?? this.#current;
  }

  /** The key to change to: the one that was begun with, or a new one; undefined when the disk does not take it. */
  prepare(): KeyObject | undefined {
    try {
      this.#next ??= makeNext(this.#folder);
    } catch (error) {
      this.#logger.error('cannot keep a new key, going on with the old one', { problem: (error as Error).message });
    }
    return this.#next;
  }

  /**
   * The collector knows this key: it takes its place. False when the disk does not play along; then the old key goes on
   * until the next attempt. Throws when the key is not ours.
   */
  adopt(publicKey: string): boolean {
    if (publicKeyText(this.#current) === publicKey) return true;
    const next = this.#next;
    if (!next || publicKeyText(next) !== publicKey) throw new Error('a key that was not asked for');
    try {
      moveInto(nextKeyFile(this.#folder), keyFile(this.#folder));
    } catch (error) {
      this.#logger.error('cannot put the new key in its place', { problem: (error as Error).message });
      return false;
    }
    this.#current = next;
    this.#next = undefined;
    this.#usesNext = false;
    this.#logger.info('the new key is in its place');
    return true;
  }

  /** A hello was taken: a next key that has signed it takes its place. */
  accepted(): void {
    if (this.#usesNext && this.#next) this.adopt(publicKeyText(this.#next));
  }

  /** A hello was refused for its signature. True when there is another key that is worth trying. */
  refused(): boolean {
    this.#usesNext = this.#next !== undefined && !this.#usesNext;
    return this.#usesNext;
  }
}

/** A next key that is damaged or that others could read is none: another one is made in its place. */
function readNext(folder: string): KeyObject | undefined {
  try {
    return readKey(nextKeyFile(folder));
  } catch {
    return undefined;
  }
}

function makeNext(folder: string): KeyObject {
  const key = makeKey();
  writeKey(nextKeyFile(folder), key);
  return key;
}
