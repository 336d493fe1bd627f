/** The secret by which Grafana's contact point is known: a file, so that it stands in no configuration that is shown. */
import { readFileSync, statSync } from 'node:fs';
import { GrafanaAccessError } from '../access.ts';

const shortest = 16;
const longest = 1_024;

/** Throws GrafanaAccessError. */
export function readWebhookSecret(file: string): string {
  let text: string;
  let mode: number;
  try {
    mode = statSync(file).mode;
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new GrafanaAccessError(
      `cannot read the secret of Grafana's contact point from ${file}: ${(cause as Error).message}`,
      { cause },
    );
  }
  if (process.platform !== 'win32' && (mode & 0o007) !== 0) {
    throw new GrafanaAccessError(
      `the secret of Grafana's contact point in ${file} is open to every user of this machine: chmod 640 or stricter`,
    );
  }
  const secret = (text.split(/\r?\n/, 1)[0] ?? '').trim();
  if (secret.length < shortest || secret.length > longest || !/^[\x21-\x7e]+$/.test(secret)) {
    throw new GrafanaAccessError(
      `${file} holds no secret: write ${shortest} or more letters and digits into its first line, as from "openssl rand -hex 32"`,
    );
  }
  return secret;
}
