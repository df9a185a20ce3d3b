// openid-client, the library of most applications in Node.js, as `journey.mjs` drives it.
import '../demo.mjs'; // First: it completes Node 18.
import * as oidc from 'openid-client';
import { signingKey } from './keys.mjs';

// Without the second, the library trusts the connection and leaves signatures alone; OIDC Core §3.1.3.7, 6.
const SETTINGS = [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks];

async function proof(client) {
  switch (client.token_endpoint_auth_method) {
    case 'client_secret_basic': return oidc.ClientSecretBasic(client.client_secret);
    case 'client_secret_post': return oidc.ClientSecretPost(client.client_secret);
    case 'private_key_jwt': return oidc.PrivateKeyJwt(await signingKey(client));
    default: return oidc.None();
  }
}

export class OpenidClient {
  #issuer;
  #client;
  #config;
  #scope;
  #asked;

  constructor(issuer, client, scope) {
    this.#scope = scope;
    this.#issuer = issuer;
    this.#client = client;
  }

  async discover() {
    this.#config = await oidc.discovery(new URL(this.#issuer), this.#client.client_id, undefined, await proof(this.#client), { execute: SETTINGS });
    return this.#config.serverMetadata();
  }

  /** The library asks again for a key that it does not know, but once a minute at most. */
  async aMinutePasses() {
    const known = this.#config && oidc.getJwksCache(this.#config);
    if (!known) return;
    const { client_id: id } = this.#client;
    this.#config = new oidc.Configuration(this.#config.serverMetadata(), id, undefined, await proof(this.#client));
    for (const set of SETTINGS) set(this.#config);
    oidc.setJwksCache(this.#config, { jwks: known.jwks, uat: known.uat - 60 });
  }

  async authorizationUrl(parameters) {
    this.#asked = { pkceCodeVerifier: oidc.randomPKCECodeVerifier(), expectedState: oidc.randomState(), expectedNonce: oidc.randomNonce() };
    return oidc.buildAuthorizationUrl(this.#config, {
      redirect_uri: this.#client.redirect_uris[0],
      state: this.#asked.expectedState,
      nonce: this.#asked.expectedNonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(this.#asked.pkceCodeVerifier),
      code_challenge_method: 'S256',
      scope: this.#scope,
      ...parameters,
    });
  }

  async redeem(callback) {
    const tokens = await oidc.authorizationCodeGrant(this.#config, callback, { ...this.#asked, idTokenExpected: true });
    return { ...tokens, claims: tokens.claims() };
  }

  userinfo(accessToken, subject) {
    return oidc.fetchUserInfo(this.#config, accessToken, subject);
  }

  async refresh(refreshToken) {
    const tokens = await oidc.refreshTokenGrant(this.#config, refreshToken);
    return { ...tokens, claims: tokens.claims() };
  }

  clientCredentials(scope) {
    return oidc.clientCredentialsGrant(this.#config, { scope });
  }

  introspect(token) {
    return oidc.tokenIntrospection(this.#config, token);
  }

  revoke(token) {
    return oidc.tokenRevocation(this.#config, token);
  }

  async endSessionUrl(parameters) {
    return oidc.buildEndSessionUrl(this.#config, parameters);
  }

  async close() {}
}
