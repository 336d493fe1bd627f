import type * as z from 'zod';
import type { AuditValues } from '../../registry/audit-entry.ts';
import { type People, type Person, type PersonChange, PersonRefused } from '../../registry/people.ts';
import { hashPassword, newInitialPassword, passwordProblem } from '../../registry/people-passwords.ts';
import type { RoleHolder } from '../../registry/roles.ts';
import type { Units } from '../../registry/units.ts';
import {
  AddPersonBody,
  ChangedPerson,
  ChangePersonBody,
  PeopleAnswer,
  PersonParams,
  viewPerson,
} from '../people-schemas.ts';
import { invalidRequest, Problem } from '../problem.ts';
import { type RecordOptions, recordChange } from '../record-change.ts';
import { roleErrors } from '../role-errors.ts';
import type { App } from './app.ts';

export interface PeopleRouteOptions extends RecordOptions {
  readonly people: People;
  readonly units: Pick<Units, 'get'>;
}

type Body = z.infer<typeof ChangePersonBody>;

/** Throws a Problem in place of a refusal. */
function refusing<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof PersonRefused) throw new Problem(409, error.message);
    throw error;
  }
}

/** The part of an account that the audit log tells of. */
function auditOf({ role, unit, totpSecret, disabledAt }: Person): AuditValues {
  return { role, unit: unit ?? null, totp: totpSecret !== undefined, disabled: disabledAt !== undefined };
}

/** Only what differs. */
function auditChange(before: Person, after: Person): { before: AuditValues; after: AuditValues } {
  const [old, now] = [auditOf(before), auditOf(after)];
  const keys = Object.keys(old).filter((key) => old[key] !== now[key]);
  const pick = (values: AuditValues) => Object.fromEntries(keys.map((key) => [key, values[key]]));
  const wasReset = after.passwordHash !== before.passwordHash;
  return { before: pick(old), after: { ...pick(now), ...(wasReset && { password: 'initial' }) } };
}

/** Accounts of people: for whoever administers the province. */
export function addPeopleRoutes(app: App, options: PeopleRouteOptions): void {
  const { people, units, now } = options;

  function find(name: string): Person {
    const person = people.byName(name);
    if (!person) throw new Problem(404, `there is nobody called ${name}`);
    return person;
  }

  /** Role and unit as a change leaves them. Throws the Problem of a pair that cannot be. */
  function newRights(person: Person, wanted: Pick<Body, 'role' | 'unit'>): RoleHolder {
    const role = wanted.role ?? person.role;
    const kept = role === 'unit-admin' ? person.unit : undefined;
    const rights = { role, unit: wanted.unit ?? kept };
    const errors = roleErrors(rights, { units, holder: 'person' });
    if (errors.length > 0) throw invalidRequest(errors);
    return rights;
  }

  app.get(
    '/api/v1/people',
    {
      config: { permission: 'administer' },
      schema: { summary: 'Who may sign in, by name', response: { 200: PeopleAnswer } },
    },
    async () => ({ items: people.all().map(viewPerson), next: null }),
  );

  app.post(
    '/api/v1/people',
    {
      config: { permission: 'administer' },
      schema: {
        summary: 'Adds someone who signs in with name and password, which is to be changed at the first sign-in',
        body: AddPersonBody,
        response: { 201: ChangedPerson },
      },
    },
    async (request, reply) => {
      const { name, role, unit, password } = request.body;
      const initial = password ?? newInitialPassword(name);
      const problem = passwordProblem(initial, name);
      const errors = roleErrors({ role, unit }, { units, holder: 'person' });
      if (problem !== undefined) errors.push({ location: 'body', name: 'password', detail: problem });
      if (errors.length > 0) throw invalidRequest(errors);
      const passwordHash = await hashPassword(initial);
      refusing(() => people.add({ name, role, unit, passwordHash, mustChangePassword: true }, now()));
      recordChange(options, request, { action: 'user.add', subject: name, after: { role, unit } });
      const shown = password === undefined ? { initial_password: initial } : {};
      return reply.code(201).send({ ...viewPerson(find(name)), ...shown });
    },
  );

  app.patch(
    '/api/v1/people/:name',
    {
      config: { permission: 'administer' },
      schema: {
        summary: 'Changes an account: all of it or nothing',
        params: PersonParams,
        body: ChangePersonBody,
        response: { 200: ChangedPerson },
      },
    },
    async (request) => {
      const { role, unit, disabled, totp, reset_password } = request.body;
      const person = find(request.params.name);
      const initial = reset_password ? newInitialPassword(person.name) : undefined;
      const change: PersonChange = {
        ...((role !== undefined || unit !== undefined) && newRights(person, { role, unit })),
        ...(disabled !== undefined && { disabledAt: disabled ? (person.disabledAt ?? now()) : undefined }),
        ...(totp === false && { totpSecret: undefined }),
        ...(initial !== undefined && { passwordHash: await hashPassword(initial), mustChangePassword: true }),
      };
      refusing(() => people.change(person.id, change));
      const after = find(person.name);
      recordChange(options, request, { action: 'user.change', subject: person.name, ...auditChange(person, after) });
      return { ...viewPerson(after), initial_password: initial };
    },
  );
}
