// An independent client library (openid-client) signs a person in to the demo's applications.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { Authenticator, missing, openPage, signIn, startBrowser, startDemo } from './support.mjs';

describe('applications sign people in with openid-client', { skip: missing, concurrency: false }, () => {
  let oidc;
  let browser;
  let demo;
  let authenticator;
  before(async () => {
    oidc = await import('openid-client'); // after support.mjs, which completes Node 18
    browser = await startBrowser();
    demo = await startDemo();
    authenticator = new Authenticator(demo.person('staff.totp').totp_secret);
  });
  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  /** Discovery, sign-in in the browser, the answer at the redirect address, tokens, userinfo. */
  async function run(client, authentication) {
    const issuer = new URL(demo.sheet.issuer);
    const config = await oidc.discovery(issuer, client.client_id, undefined, authentication, { execute: [oidc.allowInsecureRequests] });
    assert.equal(config.serverMetadata().issuer, demo.sheet.issuer);
    assert.equal(config.serverMetadata().authorization_response_iss_parameter_supported, true, 'iss in the answer, RFC 9207');
    assert.ok(config.serverMetadata().code_challenge_methods_supported.includes('S256'));

    const verifier = oidc.randomPKCECodeVerifier();
    const state = oidc.randomState();
    const nonce = oidc.randomNonce();
    const redirectUri = client.redirect_uris[0];
    const address = oidc.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri, scope: 'openid profile email', state, nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
    });

    const { context, page, assertClean } = await openPage(browser);
    try {
      // Nobody listens at the application's address: the browser answers for it, and keeps what came.
      let arrived;
      const answer = new Promise((good) => { arrived = good; });
      await page.route((url) => `${url.origin}${url.pathname}` === redirectUri, (route) => {
        arrived(route.request().url());
        return route.fulfill({ status: 200, contentType: 'text/html', body: '<!DOCTYPE html><title>back</title>' });
      });
      await page.goto(address.href);
      await signIn(page, demo.person('staff.totp'), authenticator);
      const callback = new URL(await Promise.race([
        answer,
        page.waitForTimeout(15_000).then(() => { throw new Error(`no redirect; the browser is at ${page.url()}\n${demo.log().slice(-2000)}`); }),
      ]));
      assert.equal(callback.searchParams.get('iss'), demo.sheet.issuer);

      const tokens = await oidc.authorizationCodeGrant(config, callback, {
        pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true,
      });
      const claims = tokens.claims();
      assert.equal(claims.iss, demo.sheet.issuer);
      assert.equal(claims.aud, client.client_id);
      assert.equal(claims.nonce, nonce);
      assert.equal(claims.acr, 'mfa', 'password and code');
      assert.ok(claims.amr.includes('pwd') && claims.amr.includes('otp'));
      assert.ok(Math.abs(Date.now() / 1000 - claims.auth_time) < 120);

      const told = await oidc.fetchUserInfo(config, tokens.access_token, claims.sub);
      assert.equal(told.sub, claims.sub);
      assert.equal(told.preferred_username, 'staff.totp');
      assert.equal(told.email, demo.person('staff.totp').email);

      await assert.rejects(
        oidc.authorizationCodeGrant(config, callback, { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce }),
        (error) => error.error === 'invalid_grant', 'a code works once',
      );
      assertClean();
    } finally {
      await context.close();
    }
  }

  test('web: confidential, client_secret_basic', async () => {
    const client = demo.client('web');
    assert.equal(client.token_endpoint_auth_method, 'client_secret_basic');
    await run(client, oidc.ClientSecretBasic(client.client_secret));
  });

  test('spa: public, PKCE alone', async () => {
    const client = demo.client('spa');
    assert.equal(client.client_secret, null);
    await run(client, oidc.None());
  });
});
