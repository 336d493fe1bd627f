/** The province's OpenID Connect provider, asked by Authorization Code with PKCE, state and nonce. */
import type { ClientAuth, Configuration } from 'openid-client';
import { boundedFetch, ProviderUnreachable } from './bounded-fetch.ts';
import { type Claims, claimOf } from './claims.ts';
import type { OidcSettings } from './settings.ts';

/** A discovery document is asked for again after this long … */
const trustDiscoveryMs = 3_600_000;
/** … and after a failed attempt not before this: anyone can cause one. */
const restAfterFailureMs = 5_000;

/** What the browser keeps between leaving for the provider and coming back; each is used once. */
export interface Errand {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export type OidcFailure = 'unreachable' | 'denied' | 'failed';

/** Why a sign-in with the provider did not succeed; the cause is for the log. */
export class OidcFailed extends Error {
  override name = 'OidcFailed';
  readonly failure: OidcFailure;

  constructor(failure: OidcFailure, cause: unknown) {
    super(`signing in with the provider: ${failure} (${messagesOf(cause).join(': ')})`, { cause });
    this.failure = failure;
  }
}

/** Someone who has just signed in there. */
export type Subject = Claims & { readonly iss: string; readonly sub: string };

interface Discovery {
  readonly until: number;
  readonly outcome: Promise<Configuration>;
}

export class OidcProvider {
  readonly #settings: OidcSettings;
  readonly #redirectUri: string;
  readonly #now: () => number;
  #discovery: Discovery | undefined;

  constructor(settings: OidcSettings, options: { readonly redirectUri: string; readonly now: () => number }) {
    this.#settings = settings;
    this.#redirectUri = options.redirectUri;
    this.#now = options.now;
  }

  /** Where to send the browser, and what it has to bring back. Throws OidcFailed. */
  async begin(): Promise<{ readonly url: string; readonly errand: Errand }> {
    return explained(async () => {
      const client = await loadClient();
      const configuration = await this.#discover();
      const errand = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
      };
      const url = client.buildAuthorizationUrl(configuration, {
        redirect_uri: this.#redirectUri,
        scope: this.#settings.scopes.join(' '),
        state: errand.state,
        nonce: errand.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(errand.verifier),
        code_challenge_method: 'S256',
      });
      return { url: url.href, errand };
    });
  }

  /** Who came back with these parameters. Throws OidcFailed. */
  async complete(query: string, errand: Errand): Promise<Subject> {
    return explained(async () => {
      const client = await loadClient();
      const configuration = await this.#discover();
      const tokens = await client.authorizationCodeGrant(configuration, new URL(`${this.#redirectUri}?${query}`), {
        expectedState: errand.state,
        expectedNonce: errand.nonce,
        pkceCodeVerifier: errand.verifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (!claims) throw new Error('the provider gave no id token');
      const isComplete = claimOf(claims, this.#settings.role_claim) !== undefined;
      if (isComplete || configuration.serverMetadata().userinfo_endpoint === undefined) return claims;
      // Most providers tell groups there only; the id token goes on saying who it is.
      const more = await client.fetchUserInfo(configuration, tokens.access_token, claims.sub);
      return { ...more, ...claims };
    });
  }

  async #discover(): Promise<Configuration> {
    if (this.#discovery && this.#now() < this.#discovery.until) return this.#discovery.outcome;
    const outcome = this.#askDiscovery();
    const discovery = { until: this.#now() + trustDiscoveryMs, outcome };
    this.#discovery = discovery;
    outcome.catch(() => {
      if (this.#discovery === discovery) this.#discovery = { until: this.#now() + restAfterFailureMs, outcome };
    });
    return outcome;
  }

  async #askDiscovery(): Promise<Configuration> {
    const client = await loadClient();
    const { issuer, client_id, client_secret } = this.#settings;
    // boundedFetch sees to it that only loopback addresses are asked in the clear.
    const insecure = issuer.startsWith('http:') ? [client.allowInsecureRequests] : [];
    const [basic, post] = [client.ClientSecretBasic(client_secret), client.ClientSecretPost(client_secret)];
    const withSecret: ClientAuth = (server, ...request) => {
      const { token_endpoint_auth_methods_supported: methods } = server;
      // What a provider takes that names none.
      const takesBasic = methods === undefined || methods.includes('client_secret_basic');
      return takesBasic ? basic(server, ...request) : post(server, ...request);
    };
    return client.discovery(
      new URL(issuer),
      client_id,
      undefined,
      client_secret === undefined ? client.None() : withSecret,
      {
        [client.customFetch]: (url, { method, headers, body }) =>
          boundedFetch(url, { method, headers, body: body as BodyInit | null }),
        // The signature of the id token is checked too, although it comes from the provider directly.
        execute: [client.enableNonRepudiationChecks, ...insecure],
      },
    );
  }
}

/** Loaded only where it is configured: it takes memory that most collectors have no use for. */
async function loadClient(): Promise<typeof import('openid-client')> {
  return import('openid-client');
}

async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { AuthorizationResponseError } = await loadClient();
    if (error instanceof AuthorizationResponseError && error.error === 'access_denied')
      throw new OidcFailed('denied', error);
    throw new OidcFailed(isUnreachable(error) ? 'unreachable' : 'failed', error);
  }
}

function* causesOf(error: unknown): Generator<unknown> {
  for (let each = error; each !== undefined; each = each instanceof Error ? each.cause : undefined) yield each;
}

function isUnreachable(error: unknown): boolean {
  return [...causesOf(error)].some((each) => each instanceof ProviderUnreachable);
}

function messagesOf(error: unknown): string[] {
  return [...causesOf(error)].flatMap((each) => (each instanceof Error ? [each.message] : []));
}
