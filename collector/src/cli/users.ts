import { recordCommand } from '../registry/audit-commands.ts';
import { openRegistry } from '../registry/database.ts';
import { foldPersonName, isPersonName, People, type Person, PersonRefused } from '../registry/people.ts';
import { openPeople } from '../registry/people-file.ts';
import { hashPassword, passwordProblem } from '../registry/people-passwords.ts';
import { newTotpSecret, otpauthUri } from '../registry/people-totp.ts';
import { isRole, type RoleHolder, roles } from '../registry/roles.ts';
import { Units } from '../registry/units.ts';
import {
  type Arguments,
  type Command,
  CommandFailed,
  exitCodes,
  localTime,
  print,
  readArguments,
  required,
  table,
  UsageError,
} from './command.ts';
import { readUnit } from './role-flags.ts';
import { readPassword } from './users-password.ts';

const usage = [
  'users [list',
  `add NAME --role ${roles.join('|')} [--unit CODE]`,
  'set-role NAME --role ROLE [--unit CODE]',
  'set-password NAME',
  'disable NAME',
  'enable NAME',
  'reset-totp NAME [--off]]',
].join(' | ');

type Action = (args: Arguments, what: { people: People; person: Person }) => Promise<void> | void;

const actions: Readonly<Record<string, Action>> = {
  'set-role': setRole,
  'set-password': setPassword,
  disable: (args, what) => setDisabled(args, { ...what, at: Date.now() }),
  enable: (args, what) => setDisabled(args, { ...what, at: undefined }),
  'reset-totp': resetTotp,
};

/** `vonggac users`: people who sign in by name; a password is read from standard input. */
export const usersCommand: Command = {
  usage,
  summary: 'people: list, add, set-role, set-password (password on standard input), disable, enable, reset-totp',
  async run(args) {
    const parsed = readArguments(args, { usage, flags: { role: 'string', unit: 'string', off: 'boolean' } });
    const [action = 'list', name, ...others] = parsed.positionals;
    const act = Object.hasOwn(actions, action) ? actions[action] : undefined;
    const isKnown = action === 'list' ? name === undefined : name !== undefined && (act || action === 'add');
    if (!isKnown || others.length > 0) throw new UsageError(`usage: vonggac ${usage}`);
    const database = openPeople(parsed.config.data);
    try {
      const people = new People(database);
      if (name === undefined) list(parsed, people);
      else if (!act) await add(parsed, { people, name: foldPersonName(name) });
      else await act(parsed, { people, person: find(people, name) });
      return exitCodes.done;
    } catch (error) {
      throw error instanceof PersonRefused ? new CommandFailed(error.message, { cause: error }) : error;
    } finally {
      database.close();
    }
  },
};

function find(people: People, name: string): Person {
  const person = people.byName(name);
  if (!person) throw new CommandFailed(`there is nobody called ${name}: see "vonggac users"`);
  return person;
}

function asJson(person: Person) {
  const { name, role, unit, createdAt, lastSignInAt, disabledAt } = person;
  return {
    name,
    role,
    unit: unit ?? null,
    source: person.issuer === undefined ? 'local' : 'oidc',
    created_at: new Date(createdAt).toISOString(),
    last_sign_in_at: lastSignInAt === undefined ? null : new Date(lastSignInAt).toISOString(),
    totp: person.totpSecret !== undefined,
    disabled: disabledAt !== undefined,
  };
}

function list(args: Arguments, people: People): void {
  const all = people.all();
  const rows = all.map((person) => [
    person.name,
    person.role,
    person.unit ?? '',
    localTime(person.createdAt),
    localTime(person.lastSignInAt),
    person.totpSecret ? 'yes' : 'no',
    person.disabledAt === undefined ? '' : 'disabled',
  ]);
  print(args, {
    value: { items: all.map(asJson), next: null },
    text:
      all.length === 0
        ? 'nobody yet: add someone with "vonggac users add NAME --role ROLE"'
        : table(['NAME', 'ROLE', 'UNIT', 'CREATED', 'LAST SIGN-IN', 'TOTP', ''], rows),
  });
}

async function add(args: Arguments, { people, name }: { people: People; name: string }): Promise<void> {
  if (!isPersonName(name)) throw new UsageError('a name has 1 to 64 letters a-z, digits and the signs . _ @ -');
  const { role, unit } = readRights(args);
  if (people.byName(name)) throw new CommandFailed(`there is someone called ${name} already: see "vonggac users"`);
  const passwordHash = await readGoodPassword(name);
  people.add({ name, role, unit, passwordHash }, Date.now());
  recordCommand(args.config.data, { action: 'user.add', subject: name, after: { role, unit } });
  const where = unit === undefined ? '' : ` of ${unit}`;
  print(args, { value: { name, role, unit: unit ?? null }, text: `${name} added (${role}${where})` });
}

function readRights(args: Arguments): RoleHolder {
  const role = required(args, 'role');
  if (!isRole(role)) throw new UsageError(`--role is one of ${roles.join(', ')}`);
  const database = openRegistry(args.config.data);
  try {
    return { role, unit: readUnit(args, { role, holder: 'person', units: new Units(database) }) };
  } finally {
    database.close();
  }
}

function setRole(args: Arguments, { people, person }: { people: People; person: Person }): void {
  const { role, unit } = readRights(args);
  people.change(person.id, { role, unit });
  const before = { role: person.role, unit: person.unit ?? null };
  const after = { role, unit: unit ?? null };
  recordCommand(args.config.data, { action: 'user.change', subject: person.name, before, after });
  const where = unit === undefined ? '' : ` of ${unit}`;
  print(args, { value: { name: person.name, ...after }, text: `${person.name} is ${role}${where} now` });
}

async function readGoodPassword(name: string): Promise<string> {
  const password = await readPassword(process.stdin, (text) => process.stderr.write(text));
  const problem = passwordProblem(password, name);
  if (problem !== undefined) throw new CommandFailed(problem);
  return hashPassword(password);
}

async function setPassword(args: Arguments, { people, person }: { people: People; person: Person }): Promise<void> {
  people.setPassword(person.id, await readGoodPassword(person.name));
  recordCommand(args.config.data, { action: 'user.set-password', subject: person.name });
  const text = `${person.name} has a new password and is signed out everywhere`;
  print(args, { value: { name: person.name }, text });
}

function setDisabled(args: Arguments, what: { people: People; person: Person; at: number | undefined }): void {
  const { people, person, at } = what;
  const disabled = at !== undefined;
  people.setDisabled(person.id, at);
  const before = { disabled: person.disabledAt !== undefined };
  const action = disabled ? 'user.disable' : 'user.enable';
  recordCommand(args.config.data, { action, subject: person.name, before, after: { disabled } });
  const text = disabled ? `${person.name} is disabled and signed out everywhere` : `${person.name} may sign in again`;
  print(args, { value: { name: person.name, disabled }, text });
}

function resetTotp(args: Arguments, { people, person }: { people: People; person: Person }): void {
  const secret = args.flags.off === true ? undefined : newTotpSecret();
  people.setTotp(person.id, secret);
  const [before, after] = [{ totp: person.totpSecret !== undefined }, { totp: secret !== undefined }];
  recordCommand(args.config.data, { action: 'user.reset-totp', subject: person.name, before, after });
  if (!secret) {
    const text = `${person.name} signs in with the password alone`;
    return print(args, { value: { name: person.name, otpauth: null }, text });
  }
  const otpauth = otpauthUri(person.name, secret);
  print(args, {
    value: { name: person.name, otpauth },
    text: `${person.name} signs in with a code too; for the authenticator program, shown only now:\n\n  ${otpauth}`,
  });
}
