import type { FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import type { People, Person } from '../../registry/people.ts';
import { hashPassword, maxPasswordLength, passwordProblem } from '../../registry/people-passwords.ts';
import { matchTotp, newTotpSecret, otpauthUri, toBase32 } from '../../registry/people-totp.ts';
import type { PasswordSignIn } from '../password-sign-in.ts';
import { invalidRequest, Problem } from '../problem.ts';
import { type RecordOptions, recordChange } from '../record-change.ts';
import type { SessionCookie } from '../session-cookie.ts';
import type { SignInAudit } from '../sign-in-audit.ts';
import { attemptSignIn, signInProblem } from '../sign-in-problem.ts';
import type { App } from './app.ts';

export interface OwnAccountOptions extends RecordOptions {
  readonly people: People;
  readonly passwords: PasswordSignIn;
  readonly sessionCookie: SessionCookie;
  readonly signInAudit: SignInAudit;
}

/** How long a new secret waits for its first code. */
const newSecretMs = 10 * 60_000;

const Password = z.string().min(1).max(maxPasswordLength);
const Code = z.string().min(1).max(20).describe('From an authenticator program');
const PasswordBody = z.strictObject({ current: Password, new: z.string().max(1_000) });
const ConfirmBody = z.strictObject({ code: Code });
const DisableBody = z.strictObject({ password: Password, code: Code });
const NewTotp = z.strictObject({
  secret: z.string().describe('Base32, to be typed into an authenticator program'),
  uri: z.string().describe('The same as an `otpauth:` address, to be shown as a QR code'),
});

/** Throws the Problem that tells those who have no account of their own. */
function personOf({ identity }: FastifyRequest, people: People): Person {
  const person = identity?.person === undefined ? undefined : people.byId(identity.person);
  if (person) return person;
  const what = identity?.via === 'token' ? 'a token' : 'a session of a one-time link';
  throw new Problem(403, `${what} has no account of its own: sign in with name and password`, {
    name: 'no-local-account',
  });
}

function localPersonOf(request: FastifyRequest, people: People): Person {
  const person = personOf(request, people);
  if (person.issuer === undefined) return person;
  const detail = 'password and one-time passwords of this account are managed by the OpenID Connect provider';
  throw new Problem(403, detail, { name: 'no-local-account' });
}

/** What people change about their own account. */
export function addOwnAccountRoutes(app: App, options: OwnAccountOptions): void {
  const { people, passwords, sessionCookie, signInAudit, now } = options;
  /** By person; not turned on before a code shows that the authenticator program has it. */
  const newSecrets = new Map<string, { readonly secret: Buffer; readonly until: number }>();

  /** Throws the Problem of who does not know the secrets of the account. */
  async function confirm(
    person: Person,
    secrets: { password: string; totp?: string },
    { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  ): Promise<void> {
    await attemptSignIn({ request, reply }, async () => {
      const outcome = await passwords.confirm(person, secrets, request.ip);
      if (outcome.kind === 'accepted') return;
      signInAudit.refused({
        actor: person.name,
        source: request.ip,
        after: { reason: `own account: ${outcome.kind}` },
      });
      if (outcome.kind !== 'refused') throw signInProblem(outcome);
      const what = secrets.totp === undefined ? 'the current password' : 'the password or the code';
      throw new Problem(403, `${what} is wrong`, { name: 'wrong-password' });
    });
  }

  app.post(
    '/api/v1/me/password',
    {
      config: { permission: 'signed-in' },
      schema: { summary: 'Another password for the own account; ends its other sessions', body: PasswordBody },
    },
    async (request, reply) => {
      const { current, new: wanted } = request.body;
      const person = localPersonOf(request, people);
      await confirm(person, { password: current }, { request, reply });
      const problem = wanted === current ? 'is the one that there is' : passwordProblem(wanted, person.name);
      if (problem !== undefined) throw invalidRequest([{ location: 'body', name: 'new', detail: problem }]);
      people.setPassword(person.id, await hashPassword(wanted), { keep: sessionCookie.secretOf(request) });
      recordChange(options, request, { action: 'user.set-password', subject: person.name });
      return reply.code(204).send();
    },
  );

  app.post(
    '/api/v1/me/totp',
    {
      config: { permission: 'read' },
      schema: { summary: 'A new secret for one-time passwords, not turned on yet', response: { 200: NewTotp } },
    },
    async (request) => {
      const person = localPersonOf(request, people);
      if (person.totpSecret) throw new Problem(409, 'one-time passwords are on already: turn them off first');
      const secret = newTotpSecret();
      newSecrets.set(person.id, { secret, until: now() + newSecretMs });
      return { secret: toBase32(secret), uri: otpauthUri(person.name, secret) };
    },
  );

  app.post(
    '/api/v1/me/totp/confirm',
    {
      config: { permission: 'read' },
      schema: { summary: 'Turns one-time passwords on, with a first code of the new secret', body: ConfirmBody },
    },
    async (request, reply) => {
      const person = localPersonOf(request, people);
      const begun = newSecrets.get(person.id);
      if (!begun || begun.until <= now()) throw new Problem(409, 'there is no new secret, or it ran out: begin again');
      const step = matchTotp(begun.secret, request.body.code, now());
      if (step === undefined) {
        const detail = "the code is wrong: check the clock of the authenticator's device, or begin again";
        throw new Problem(403, detail, { name: 'wrong-code' });
      }
      newSecrets.delete(person.id);
      people.setTotp(person.id, begun.secret, { keep: sessionCookie.secretOf(request) });
      people.useTotpStep(person.id, step);
      recordTotp(request, person);
      return reply.code(204).send();
    },
  );

  app.post(
    '/api/v1/me/totp/disable',
    {
      config: { permission: 'read' },
      schema: { summary: 'Turns one-time passwords off', body: DisableBody },
    },
    async (request, reply) => {
      const { password, code } = request.body;
      const person = localPersonOf(request, people);
      if (!person.totpSecret) throw new Problem(409, 'one-time passwords are not on');
      await confirm(person, { password, totp: code }, { request, reply });
      people.setTotp(person.id, undefined, { keep: sessionCookie.secretOf(request) });
      recordTotp(request, person);
      return reply.code(204).send();
    },
  );

  app.post(
    '/api/v1/me/sign-out-everywhere',
    { config: { permission: 'read' }, schema: { summary: 'Ends all sessions of the own account, this one too' } },
    async (request, reply) => {
      const person = personOf(request, people);
      people.signOutEverywhere(person.id);
      recordChange(options, request, { action: 'user.sign-out-everywhere', subject: person.name });
      sessionCookie.close(request, reply);
      return reply.code(204).send();
    },
  );

  function recordTotp(request: FastifyRequest, before: Person): void {
    const hadTotp = before.totpSecret !== undefined;
    const [was, is] = [{ totp: hadTotp }, { totp: !hadTotp }];
    recordChange(options, request, { action: 'user.reset-totp', subject: before.name, before: was, after: is });
  }
}
