// oauth4webapi, the low-level library for any JavaScript runtime, as `journey.mjs` drives it. Whoever uses it
// calls each check by name, so this is also a list of them.
import '../demo.mjs'; // First: it completes Node 18.
import * as oauth from 'oauth4webapi';
import { signingKey } from './keys.mjs';

async function proof(client) {
  switch (client.token_endpoint_auth_method) {
    case 'client_secret_basic': return oauth.ClientSecretBasic(client.client_secret);
    case 'client_secret_post': return oauth.ClientSecretPost(client.client_secret);
    case 'private_key_jwt': return oauth.PrivateKeyJwt(await signingKey(client));
    default: return oauth.None();
  }
}

export class Oauth4webapi {
  #issuer;
  #registration;
  #client;
  #server;
  #scope;
  #asked;
  #keys = {};

  constructor(issuer, client, scope) {
    this.#scope = scope;
    this.#issuer = new URL(issuer);
    this.#registration = client;
    this.#client = { client_id: client.client_id };
  }

  get #options() {
    return { [oauth.allowInsecureRequests]: true, [oauth.jwksCache]: this.#keys };
  }

  async discover() {
    const answer = await oauth.discoveryRequest(this.#issuer, this.#options);
    this.#server = await oauth.processDiscoveryResponse(this.#issuer, answer);
    return this.#server;
  }

  /** The library asks again for a key that it does not know, but once a minute at most. */
  async aMinutePasses() {
    if (this.#keys.uat === undefined) return;
    this.#server = { ...this.#server };
    this.#keys = { jwks: this.#keys.jwks, uat: this.#keys.uat - 60 };
  }

  async authorizationUrl(parameters) {
    this.#asked = { verifier: oauth.generateRandomCodeVerifier(), state: oauth.generateRandomState(), nonce: oauth.generateRandomNonce() };
    const url = new URL(this.#server.authorization_endpoint);
    url.search = new URLSearchParams({
      client_id: this.#client.client_id,
      redirect_uri: this.#registration.redirect_uris[0],
      response_type: 'code',
      state: this.#asked.state,
      nonce: this.#asked.nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(this.#asked.verifier),
      code_challenge_method: 'S256',
      scope: this.#scope,
      ...parameters,
    });
    return url;
  }

  async redeem(callback) {
    const parameters = oauth.validateAuthResponse(this.#server, this.#client, callback, this.#asked.state);
    const answer = await oauth.authorizationCodeGrantRequest(
      this.#server, this.#client, await proof(this.#registration), parameters,
      this.#registration.redirect_uris[0], this.#asked.verifier, this.#options,
    );
    const tokens = await oauth.processAuthorizationCodeResponse(this.#server, this.#client, answer, { expectedNonce: this.#asked.nonce, requireIdToken: true });
    await oauth.validateApplicationLevelSignature(this.#server, answer, this.#options);
    return { ...tokens, claims: oauth.getValidatedIdTokenClaims(tokens) };
  }

  async userinfo(accessToken, subject) {
    const answer = await oauth.userInfoRequest(this.#server, this.#client, accessToken, this.#options);
    return oauth.processUserInfoResponse(this.#server, this.#client, subject, answer);
  }

  async refresh(refreshToken) {
    const answer = await oauth.refreshTokenGrantRequest(this.#server, this.#client, await proof(this.#registration), refreshToken, this.#options);
    const tokens = await oauth.processRefreshTokenResponse(this.#server, this.#client, answer);
    if (tokens.id_token) await oauth.validateApplicationLevelSignature(this.#server, answer, this.#options);
    return { ...tokens, claims: oauth.getValidatedIdTokenClaims(tokens) };
  }

  async clientCredentials(scope) {
    const answer = await oauth.clientCredentialsGrantRequest(this.#server, this.#client, await proof(this.#registration), { scope }, this.#options);
    return oauth.processClientCredentialsResponse(this.#server, this.#client, answer);
  }

  async introspect(token) {
    const answer = await oauth.introspectionRequest(this.#server, this.#client, await proof(this.#registration), token, this.#options);
    return oauth.processIntrospectionResponse(this.#server, this.#client, answer);
  }

  async revoke(token) {
    const answer = await oauth.revocationRequest(this.#server, this.#client, await proof(this.#registration), token, this.#options);
    return oauth.processRevocationResponse(answer);
  }

  async endSessionUrl(parameters) {
    const url = new URL(this.#server.end_session_endpoint);
    url.search = new URLSearchParams(parameters);
    return url;
  }

  /** What a resource server does with a token that comes to it; RFC 9068 §4. */
  validateAccessToken(accessToken, audience) {
    const request = new Request('http://localhost/', { headers: { authorization: `Bearer ${accessToken}` } });
    return oauth.validateJwtAccessToken(this.#server, request, audience, this.#options);
  }

  async close() {}
}
