// One person's keys from the first day on, by keyboard alone and in each language: forced enrolment with a first passkey,
// in without a name, a second key, a lost key and the code on paper, and an application that wants more.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { devices, key, platform } from './device.mjs';
import { byKeyboard } from './keyboard.mjs';
import { look } from './look.mjs';
import { Authenticator, LANGUAGES, assertLanguage, missing, openPage, pathOf, startBrowser, startDemo } from './support.mjs';

const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const someone = (username, more = {}) => ({ username, password: `one door for ${username}`, roles: ['staff'], totp_secret: null, ...more });
const PEOPLE = [
  ...LANGUAGES.flatMap((language) => [someone(`keys.${language}`), someone(`app.${language}`)]),
  someone('console', { roles: ['staff', 'admin'], totp_secret: SECRET }),
];
const OUT = 'header form[action="/sign-out"] button';

describe('by keyboard alone', { skip: missing, concurrency: false }, () => {
  let browser;
  let demo;
  let oidc;
  let application;
  let client;
  before(async () => {
    oidc = await import('openid-client'); // after support.mjs, which completes Node 18
    browser = await startBrowser();
    application = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<!DOCTYPE html><title>back</title>'));
    application.listen(0, '127.0.0.1');
    await once(application, 'listening');
    client = {
      client_id: 'careful', client_secret: 'a-secret-of-the-careful-one-in-browser-tests', trusted: true, scope: 'openid',
      redirect_uris: [`http://localhost:${application.address().port}/callback`],
    };
    demo = await startDemo({ people: PEOPLE, clients: [client] });
  });
  after(async () => {
    await browser?.close();
    await demo?.stop();
    application?.closeAllConnections();
    application?.close();
  });

  async function visitor() {
    const visit = await openPage(browser);
    const keyboard = byKeyboard(visit.page);
    return {
      ...visit, keyboard, devices: await devices(visit),
      go: (path) => visit.page.goto(`${demo.origin}${path}`),
      press: async (selector, arrived) => { await keyboard.tabTo(selector); await keyboard.enter(arrived); },
    };
  }

  const at = (path) => (url) => url.pathname === path;

  /** From the sign-in page, with name and password. */
  async function knock(visit, username, language) {
    await visit.go(`/sign-in?lang=${language}`);
    await visit.keyboard.write('[name=username]', username);
    await visit.keyboard.write('[name=password]', `one door for ${username}`);
    await visit.keyboard.enter();
    await assertLanguage(visit.page, language);
  }

  for (const language of LANGUAGES) {
    test(`keys: ${language}`, async () => {
      const visit = await visitor();
      const { page, keyboard, press } = visit;
      const see = async (name) => { await assertLanguage(page, language); await look(visit, `${name} ${language}`); };
      const laptop = await visit.devices.plugIn(platform);
      await knock(visit, `keys.${language}`, language);
      await see('keyboard, must enrol');
      await press('a[href*="way=key"]');
      await see('keyboard, first passkey');
      await keyboard.write('[name=name]', 'Laptop');
      await press('form[action^="/sign-in/enrol/key"] [data-ask="passkey"]', at('/account/set-up'));
      await see('keyboard, set up');

      await press('main a[href="/account/recovery-codes"]');
      await press('main .btn-main');
      await see('keyboard, codes');
      const [paper] = await page.locator('.codes > li').allInnerTexts();
      await press(OUT);

      await visit.go('/sign-in');
      await press('form[action^="/sign-in/passkey"] [data-ask]', at('/'));
      await assertLanguage(page, language);

      // Another device is in the machine now: a key that is touched.
      await laptop.takeOut();
      const blue = await visit.devices.plugIn(key);
      await visit.go('/account');
      await press('main a[href="/account/passkeys/new"]');
      await see('keyboard, second key');
      await keyboard.write('[name=name]', 'Blue key');
      await press('form[action^="/account/passkeys"] [data-ask="security_key"]', at('/account'));
      await see('keyboard, two keys');
      await press(OUT);
      await knock(visit, `keys.${language}`, language);
      await see('keyboard, key asked');
      await press('form[action^="/sign-in/key"] [data-ask]', at('/'));
      await press(OUT);

      // Both are lost.
      await blue.takeOut();
      await knock(visit, `keys.${language}`, language);
      await press('a[href*="way=recovery"]');
      await see('keyboard, code on paper');
      await keyboard.write('[name=recovery_code]', paper);
      await keyboard.enter(at('/account/set-up'));
      await see('keyboard, something is lost');

      await visit.devices.plugIn(platform);
      await press('main a[href="/account/passkeys/new"]');
      await keyboard.write('[name=name]', 'New laptop');
      await press('form[action^="/account/passkeys"] [data-ask="passkey"]', at('/account'));

      const claims = await stepUp(visit, () => see('keyboard, application wants more'));
      assert.equal(claims.acr, 'phr');
      assert.ok(!claims.amr.includes('pwd'), `by the key: ${claims.amr}`);
      visit.assertClean();
      await visit.context.close();
    });

    test(`an app that must be added: ${language}`, async () => {
      const visit = await visitor();
      const { page, keyboard } = visit;
      await knock(visit, `app.${language}`, language);
      const secret = (await page.locator('.secret').innerText()).replaceAll(/\s/g, '');
      await keyboard.write('[name=name]', 'Work phone');
      await keyboard.write('[name=code]', await new Authenticator(secret).next());
      await keyboard.enter(at('/account/set-up'));
      await assertLanguage(page, language);
      visit.assertClean();
      await visit.context.close();
    });
  }

  /** An application asks for what the session does not have; gives the claims of its ID token. */
  async function stepUp({ page, press }, seen) {
    const authentication = oidc.ClientSecretBasic(client.client_secret);
    const config = await oidc.discovery(new URL(demo.sheet.issuer), client.client_id, undefined, authentication, { execute: [oidc.allowInsecureRequests] });
    const verifier = oidc.randomPKCECodeVerifier();
    const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
    const [callback] = client.redirect_uris;
    const address = oidc.buildAuthorizationUrl(config, {
      redirect_uri: callback, scope: 'openid', state, nonce, acr_values: 'phr',
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
    });
    await page.goto(address.href);
    assert.equal(pathOf(page), '/sign-in', 'the session is not enough');
    await seen();
    await press('form[action^="/sign-in/"] [data-ask]', (url) => `${url.origin}${url.pathname}` === callback);
    const tokens = await oidc.authorizationCodeGrant(config, new URL(page.url()), {
      pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true,
    });
    return tokens.claims();
  }

  test('an administrator must add a key where nothing less is enough', async () => {
    const visit = await visitor();
    const { keyboard, press, page } = visit;
    await visit.devices.plugIn(platform);
    await visit.go('/sign-in?to=account&again=1&level=phr&lang=en');
    await keyboard.write('[name=username]', 'console');
    await keyboard.write('[name=password]', 'one door for console');
    await keyboard.enter();
    await keyboard.write('[name=code]', await new Authenticator(SECRET).next());
    await keyboard.enter();
    assert.equal(await page.locator('a[href*="way=app"]').count(), 0, 'nothing weaker is offered');
    await press('form[action^="/sign-in/enrol/key"] [data-ask="passkey"]', at('/account'));
    visit.assertClean();
    await visit.context.close();
  });
});
