/** What goes wrong between the collector and Grafana, in sentences that say what to do. */

/** Grafana does not answer, or what answers is not Grafana. */
export class GrafanaUnreachable extends Error {
  override name = 'GrafanaUnreachable';
  /** Asking again would not help: a certificate stays what it is. Nor should a person wait as long again. */
  readonly isFinal: boolean;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    const cause = causeOf(options?.cause);
    this.isFinal =
      isCertificate(cause) || cause instanceof RangeError || (cause instanceof Error && cause.name === 'TimeoutError');
  }
}

/** Grafana answered, and does not do it. */
export class GrafanaRefused extends Error {
  override name = 'GrafanaRefused';
  readonly status: number;
  /** Grafana's own words, or nothing. */
  readonly said: string;

  constructor(message: string, { status, said }: { status: number; said: string }) {
    super(message);
    this.status = status;
    this.said = said;
  }
}

/** What a person can do about an answer, with what joins it to the sentence; nothing if only the words of the answer help. */
export function adviceOn(status: number): string {
  if (status === 401)
    return ': the token is wrong, has expired or is of another Grafana; make one under Administration > Service accounts';
  if (status === 403)
    return ': the token may not do that; its service account needs a higher role in this organisation (a sync: Admin)';
  if (status === 429) return ': it is asked too much; try again later';
  if (status >= 500) return ": look into Grafana's own log";
  return '';
}

export function webPageProblem(base: string, answer: { status: number; text: string }): string {
  const isPage = /^\s*</.test(answer.text);
  return `${base} answered ${answer.status} with ${isPage ? 'a web page' : 'something'} that is not JSON: is it Grafana's address, with its sub-path, and is no sign-in page or proxy before it?`;
}

/** The cause stands in the cause: `fetch failed` alone helps nobody. */
export function networkProblem(error: unknown): string {
  const cause = causeOf(error);
  if (!(cause instanceof Error)) return String(cause);
  const code = codeOf(error);
  const words = oneLine(cause.message || code || cause.name);
  if (cause.name === 'TimeoutError')
    return 'it does not answer in time; is it running, and does no firewall lie between?';
  if (code === 'ECONNREFUSED') return 'nothing listens there; is it running, and is the port right?';
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET')
    return 'it ended the connection; is it being restarted, or does a proxy before it refuse?';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `the name is not known (${words})`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `its certificate is for another name (${words})`;
  if (code === 'CERT_HAS_EXPIRED') return 'its certificate has expired';
  if (isCertificate(error)) {
    return `its certificate is not trusted (${words}): name the file of its authority in NODE_EXTRA_CA_CERTS`;
  }
  if (code.startsWith('ERR_SSL') || code === 'EPROTO')
    return `no TLS is spoken there (${words}); is it http:// perhaps?`;
  return words;
}

function isCertificate(error: unknown): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS/.test(codeOf(error));
}

/** A number where an old browser's error is meant. */
function codeOf(error: unknown): string {
  const { code } = (causeOf(error) ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

/** The innermost: `fetch` wraps what happened. */
function causeOf(error: unknown): unknown {
  let cause = error;
  while (cause instanceof Error && cause.cause !== undefined) cause = cause.cause;
  if (cause instanceof AggregateError) return cause.errors.at(-1);
  return cause;
}

/** A stranger's words for a terminal: on one line, without controls, and only so much. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ').slice(0, 500);
}
