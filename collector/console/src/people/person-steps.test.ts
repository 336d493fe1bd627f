import { expect, test } from 'vitest';
import { stepsFor } from './person-steps.ts';

test.each([
  [{ source: 'local', totp: false }, ['reset-password', 'disable']],
  [{ source: 'local', totp: true }, ['reset-password', 'remove-totp', 'disable']],
  [{ source: 'local', totp: false, disabled_at: '2026-01-01T00:00:00Z' }, ['reset-password', 'enable']],
  [{ source: 'oidc', totp: false }, ['disable']],
] as const)('%j', (person, steps) => expect(stepsFor(person)).toEqual(steps));
