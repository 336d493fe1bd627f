/** Where Grafana is and what it is asked with, as a person wrote them. */
import { readFileSync, statSync } from 'node:fs';

const longest = 4_096;

/** What was given cannot be used; the message says what to do. */
export class GrafanaAccessError extends Error {
  override name = 'GrafanaAccessError';
}

/** Throws GrafanaAccessError. */
export function readGrafanaUrl(text: string): URL {
  const refuse = (problem: string) =>
    new GrafanaAccessError(
      `"${text}" is not an address of Grafana: ${problem}, as in https://grafana.example/sub-path`,
    );
  if (!URL.canParse(text)) throw refuse('write http:// or https:// and the name');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refuse('it begins with http:// or https://');
  if (url.username !== '' || url.password !== '') {
    // The text holds a password.
    throw new GrafanaAccessError(`leave name and password out of the address ${url.host}: a token is used`);
  }
  if (url.search !== '' || url.hash !== '') throw refuse('leave out what follows ? and #');
  return url;
}

/** The token of a service account, from the first line of a file that is not for everybody. Throws GrafanaAccessError. */
export function readGrafanaToken(file: string): string {
  let mode: number;
  let text: string;
  try {
    const found = statSync(file);
    if (!found.isFile() || found.size > longest)
      throw new Error(`it is not a file of at most ${longest} bytes with one line`);
    mode = found.mode;
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new GrafanaAccessError(`cannot read Grafana's token from ${file}: ${(cause as Error).message}`, { cause });
  }
  if (process.platform !== 'win32' && (mode & 0o007) !== 0)
    throw new GrafanaAccessError(
      `Grafana's token in ${file} is open to every user of this machine: chmod 640 or stricter`,
    );
  const token = (text.split(/\r?\n/, 1)[0] ?? '').trim();
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new GrafanaAccessError(
      `${file} holds no token: write one of a service account, like glsa_…, into its first line`,
    );
  return token;
}
