import { hashPassword } from '../../registry/people-passwords.ts';

/** A hash that takes a millisecond, for tests that are not about how long it takes. */
export function quickHash(password: string): Promise<string> {
  return hashPassword(password, { memory: 64, passes: 1, parallelism: 1 });
}
