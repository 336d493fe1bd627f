/** A province's directory with OpenID Connect: a real, certified provider, where people sign in by being named. */
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

export const client = { client_id: 'vonggac', client_secret: 'a secret of sixteen letters or more' };

/** Claims by subject; `undefined` for someone who cancels. */
type Accounts = Record<string, Record<string, unknown>>;

export class OidcDirectory {
  readonly accounts: Accounts = {};
  /** Who sits at the browser; undefined to cancel. */
  visitor: string | undefined;
  readonly #server: Server;
  #issuer = '';

  constructor() {
    this.#server = createServer();
  }

  get issuer(): string {
    return this.#issuer;
  }

  async start(redirectUri: string): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.#issuer = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    const provider = this.#createProvider(redirectUri);
    const answer = provider.callback();
    this.#server.on('request', (request, response) => {
      if (!request.url?.startsWith('/interaction/')) return answer(request, response);
      const login = { login: { accountId: this.visitor } };
      const result = this.visitor === undefined ? { error: 'access_denied' } : login;
      provider.interactionFinished(request, response, result).catch(() => response.writeHead(500).end());
    });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #createProvider(redirectUri: string): Provider {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const provider: Provider = new Provider(this.#issuer, {
      clients: [
        { ...client, redirect_uris: [redirectUri], grant_types: ['authorization_code'], response_types: ['code'] },
      ],
      jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
      cookies: { keys: ['signs the cookies of the tests'] },
      pkce: { required: () => true },
      claims: { openid: ['sub'], profile: ['preferred_username', 'groups', 'unit'] },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
      ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 60, IdToken: 60, Interaction: 60, Session: 60 },
      findAccount: (_: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id, ...this.accounts[id] }) }),
      /** Nobody is asked for consent: the directory and the console belong to one province. */
      loadExistingGrant: async ({ oidc }: import('oidc-provider').Context) => {
        const grant = new provider.Grant({ accountId: oidc.session.accountId, clientId: oidc.client.clientId });
        grant.addOIDCScope(oidc.params.scope);
        await grant.save();
        return grant;
      },
    });
    return provider;
  }
}
