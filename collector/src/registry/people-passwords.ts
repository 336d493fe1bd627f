/** Passwords: which are good enough, and what is kept of them. */
import { type Argon2Parameters, argon2, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';

const minLength = 10;
/** Longer texts are no better passwords, only more work for whoever hashes them. */
export const maxPasswordLength = 200;
const minDifferent = 5;
/** A shorter name is in many good passwords by chance. */
const minNameLength = 4;

/** What people choose when ten characters are asked for, without digits, punctuation and diacritics around it. */
const commonWords = new Set(
  `password passw matkhau admin administrator root test user guest qwerty qwertyuiop asdfghjkl zxcvbnm abc abcd abcdef
   iloveyou anhyeuem emyeuanh letmein welcome changeme secret default monkey dragon football master sunshine princess
   vietnam hanoi saigon hochiminh quangbinh donghoi vonggac ubnd congan nhanvien canbo giamsat khongbiet matkhaumoi`.split(
    /\s+/,
  ),
);

/** The same letters are different bytes on different keyboards: `ạ` may be one character or two. */
function normalise(password: string): string {
  return password.normalize('NFC');
}

function foldWord(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('đ', 'd');
}

/** Why the password is not good enough, or undefined. */
export function passwordProblem(password: string, name: string): string | undefined {
  const letters = [...normalise(password)];
  if (letters.length < minLength) return `a password has at least ${minLength} characters`;
  if (password.length > maxPasswordLength) return `a password has at most ${maxPasswordLength} characters`;
  if (new Set(letters).size < minDifferent) return `a password has at least ${minDifferent} different characters`;
  const folded = foldWord(password);
  const core = folded.replace(/[^a-z]+/g, '');
  if (/^[^\p{L}]*$/u.test(folded))
    return 'a password is more than digits and signs: those are dates and telephone numbers';
  if (commonWords.has(core)) return 'this password is one of those that are tried first: take several words instead';
  if (name.length >= minNameLength && folded.includes(foldWord(name)))
    return 'a password does not contain the name of the account';
  return undefined;
}

const initialLetters = 'abcdefghjkmnpqrstuvwxyz23456789';

/** A password to be read to someone, who replaces it at the first sign-in: 16 letters and digits that are not alike. */
export function newInitialPassword(name: string): string {
  for (;;) {
    const letters = Array.from({ length: 16 }, () => initialLetters[randomInt(initialLetters.length)]).join('');
    const password = letters.replace(/(....)(?=.)/g, '$1-');
    if (passwordProblem(password, name) === undefined) return password;
  }
}

/** Argon2id with the parameters that OWASP recommends: 19 MiB, two passes; some 35 ms of one core. */
const cost = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const saltBytes = 16;
const tagBytes = 32;

export interface PasswordCost {
  /** KiB. */
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

interface Stored extends PasswordCost {
  readonly salt: Buffer;
  readonly tag: Buffer;
}

function derive(password: string, { salt, tag, ...costs }: Omit<Stored, 'tag'> & { tag: number }): Promise<Buffer> {
  const parameters: Argon2Parameters = { ...costs, message: normalise(password), nonce: salt, tagLength: tag };
  return new Promise((resolve, reject) => {
    argon2('argon2id', parameters, (error, derived) => (error ? reject(error) : resolve(Buffer.from(derived))));
  });
}

/** The usual text form, which names its parameters: they can grow, and older hashes go on working. */
function format({ memory, passes, parallelism, salt, tag }: Stored): string {
  const [saltText, tagText] = [salt, tag].map((bytes) => bytes.toString('base64').replace(/=+$/, ''));
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${saltText}$${tagText}`;
}

function parse(text: string): Stored {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/.exec(text);
  if (!match) throw new Error('a stored password is not in a form that this version knows');
  const [, memory, passes, parallelism, salt = '', tag = ''] = match;
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  };
}

/** Tests hash with less; what is stored names what it took. */
export async function hashPassword(password: string, costs: PasswordCost = cost): Promise<string> {
  const salt = randomBytes(saltBytes);
  return format({ ...costs, salt, tag: await derive(password, { ...costs, salt, tag: tagBytes }) });
}

/** A hash of nothing, so that the answer for a name that is unknown takes as long as for a wrong password. */
const decoy = format({ ...cost, salt: randomBytes(saltBytes), tag: randomBytes(tagBytes) });

/** Whether the password is the stored one; never, when there is none stored. */
export async function verifyPassword(password: string, stored: string | undefined): Promise<boolean> {
  const expected = parse(stored ?? decoy);
  const tag = await derive(password, { ...expected, tag: expected.tag.length });
  return timingSafeEqual(tag, expected.tag) && stored !== undefined;
}
