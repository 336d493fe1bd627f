/**
 * Signing in by name and password. An unknown name, a disabled account, a wrong password and a wrong one-time password
 * are answered alike and take as long. Only who knows the password learns that a one-time password is wanted too.
 */
import { foldPersonName, type People, type Person } from '../registry/people.ts';
import { verifyPassword } from '../registry/people-passwords.ts';
import { matchTotp } from '../registry/people-totp.ts';
import { AttemptLimiter } from './attempt-limiter.ts';

/** Anyone can lock an account by guessing at it; a quarter of an hour is what its owner has to put up with. */
const accountLimits = { free: 5, maxDelayMs: 15 * 60_000 };
/** Behind a proxy a whole province may have one address, so its count is generous and its wait short. */
const addressLimits = { free: 30, maxDelayMs: 30_000 };
/** Each takes 19 MiB and a thread. */
const maxAtOnce = 8;
const busyMs = 2_000;

export interface Credentials {
  readonly name: string;
  readonly password: string;
  readonly totp?: string | undefined;
}

export type SignInOutcome =
  | { readonly kind: 'accepted'; readonly person: Person }
  /** `person` is for the audit log, not for the answer. */
  | { readonly kind: 'refused'; readonly person: Person | undefined }
  | { readonly kind: 'totp-needed' }
  | { readonly kind: 'wait'; readonly ms: number };

export class PasswordSignIn {
  readonly #people: People;
  readonly #now: () => number;
  readonly #accounts: AttemptLimiter;
  readonly #addresses: AttemptLimiter;
  #running = 0;

  constructor(people: People, now: () => number) {
    this.#people = people;
    this.#now = now;
    this.#accounts = new AttemptLimiter(accountLimits, now);
    this.#addresses = new AttemptLimiter(addressLimits, now);
  }

  async check(credentials: Credentials, address: string): Promise<SignInOutcome> {
    return this.#attempt({ name: foldPersonName(credentials.name), address }, () => this.#judge(credentials));
  }

  /**
   * Asks someone who is signed in once more for the password, and for a one-time password when one is given: a browser
   * that was left alone must not be enough to take an account over, nor a place to guess without being slowed down.
   */
  async confirm(person: Person, secrets: Omit<Credentials, 'name'>, address: string): Promise<SignInOutcome> {
    return this.#attempt({ name: person.name, address }, async () => {
      const isRight = await verifyPassword(secrets.password, person.passwordHash);
      if (!isRight) return { kind: 'refused', person };
      return secrets.totp === undefined ? { kind: 'accepted', person } : this.#judgeTotp(person, secrets.totp);
    });
  }

  async #attempt(
    { name, address }: { name: string; address: string },
    judge: () => Promise<SignInOutcome>,
  ): Promise<SignInOutcome> {
    if (this.#running >= maxAtOnce) return { kind: 'wait', ms: busyMs };
    const wait = this.#addresses.begin(address) || this.#accounts.begin(name);
    if (wait > 0) return { kind: 'wait', ms: wait };
    this.#running += 1;
    let outcome: SignInOutcome;
    try {
      outcome = await judge();
    } finally {
      this.#running -= 1;
    }
    if (outcome.kind === 'refused') return outcome;
    this.#addresses.takeBack(address);
    if (outcome.kind === 'accepted') this.#accounts.forget(name);
    else this.#accounts.takeBack(name);
    return outcome;
  }

  async #judge({ name, password, totp }: Credentials): Promise<SignInOutcome> {
    const person = this.#people.byName(name);
    const isRight = await verifyPassword(password, person?.passwordHash);
    if (!person || !isRight || person.disabledAt !== undefined) return { kind: 'refused', person };
    if (person.totpSecret === undefined) return { kind: 'accepted', person };
    if (totp === undefined || totp === '') return { kind: 'totp-needed' };
    return this.#judgeTotp(person, totp);
  }

  #judgeTotp(person: Person, totp: string): SignInOutcome {
    const step = person.totpSecret && matchTotp(person.totpSecret, totp, this.#now());
    const isRight = step !== undefined && this.#people.useTotpStep(person.id, step);
    return { kind: isRight ? 'accepted' : 'refused', person };
  }
}
