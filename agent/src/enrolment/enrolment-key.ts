/**
 * The key of an enrolment under way, `enrolment-key.pem` in the data folder. It is kept until the collector has said
 * yes or no, so that a machine that waits for a person's word is the same machine after a restart, and so that an
 * identity that the machine has already goes on working meanwhile.
 */
import type { KeyObject } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeKey, readKey, writeKey } from '../identity.ts';

function fileIn(folder: string): string {
  return join(folder, 'enrolment-key.pem');
}

/** The key of the enrolment that was begun, or a new one, on disk before it is used. */
export function takeEnrolmentKey(folder: string): KeyObject {
  const begun = readBegun(fileIn(folder));
  if (begun) return begun;
  const key = makeKey();
  writeKey(fileIn(folder), key);
  return key;
}

export function forgetEnrolmentKey(folder: string): void {
  rmSync(fileIn(folder), { force: true });
}

/** A key that is damaged, or that others could read, is not used: another is as good. */
function readBegun(file: string): KeyObject | undefined {
  try {
    const key = readKey(file);
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}
