/** What an administrator may do to an account besides editing it. */
import type { PersonView } from './people-types.ts';

export const personSteps = {
  'reset-password': {
    label: 'personResetPassword',
    title: 'personResetPasswordTitle',
    hint: 'personResetPasswordHint',
    dangerous: true,
    change: { reset_password: true },
  },
  'remove-totp': {
    label: 'personRemoveTotp',
    title: 'personRemoveTotpTitle',
    hint: 'personRemoveTotpHint',
    dangerous: true,
    change: { totp: false },
  },
  disable: {
    label: 'personDisable',
    title: 'personDisableTitle',
    hint: 'personDisableHint',
    dangerous: true,
    change: { disabled: true },
  },
  enable: {
    label: 'personEnable',
    title: 'personEnableTitle',
    hint: 'personEnableHint',
    dangerous: false,
    change: { disabled: false },
  },
} as const;

export type PersonStep = keyof typeof personSteps;

/** The steps that make sense for an account; one of a directory has its password and second step there. */
export function stepsFor(person: Pick<PersonView, 'source' | 'totp' | 'disabled_at'>): PersonStep[] {
  const isLocal = person.source === 'local';
  return [
    ...(isLocal ? (['reset-password'] as const) : []),
    ...(isLocal && person.totp ? (['remove-totp'] as const) : []),
    person.disabled_at === undefined ? 'disable' : 'enable',
  ];
}
