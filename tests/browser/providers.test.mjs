// Another provider vouches: npm's oidc-provider in the shapes of the federal service and of itsme, by a real browser.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { look } from './look.mjs';
import {
  Authenticator, LANGUAGES, assertLanguage, givePassword, giveCode, missing, openPage, pathOf, signIn, signOut, startBrowser,
  startDemo,
} from './support.mjs';
import { byKeyboard } from './keyboard.mjs';
import { freePort, proved, startUpstream } from './upstream/start.mjs';

const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const someone = (username) => ({ username, password: `one door for ${username}`, roles: ['staff'], totp_secret: SECRET });
const PEOPLE = [...LANGUAGES.map((language) => someone(`linked.${language}`)), someone('levels'), someone('killed'), someone('half'), someone('keys')];

describe('another provider vouches', { skip: missing, concurrency: false }, () => {
  let browser;
  let demo;
  let oidc;
  const upstream = {};
  before(async () => {
    oidc = await import('openid-client');
    browser = await startBrowser();
    const port = await freePort();
    const issuer = `http://localhost:${port}`;
    for (const name of ['fas', 'itsme']) upstream[name] = await startUpstream(name, issuer);
    demo = await startDemo({ people: PEOPLE, port, upstream: Object.values(upstream) });
    // The providers are read beside the start: until then they have no buttons.
    const { context, page } = await openPage(browser);
    for (let tries = 0; tries < 60; tries += 1) {
      await page.goto(`${demo.origin}/sign-in`);
      if (await page.locator('form[action^="/sign-in/upstream"]').count() === 2) break;
      await page.waitForTimeout(250);
    }
    await context.close();
  });
  after(async () => {
    await browser?.close();
    await demo?.stop();
    for (const provider of Object.values(upstream)) await provider.stop();
  });

  async function visitor(path, options) {
    const visit = await openPage(browser, options);
    visit.page.on('response', (response) => {
      if (response.request().isNavigationRequest() && response.frame() === visit.page.mainFrame()) visit.page.lastStatus = response.status();
    });
    visit.go = (to) => visit.page.goto(`${demo.origin}${to}`);
    await visit.go(path);
    return visit;
  }

  const toProvider = (page, action, name) => page.locator(`form[action^="${action}"]:has(input[value="${name}"]) button`);

  /** Away by the button of a provider, proved there, and back. */
  async function through(page, action, name, told) {
    await upstream[name].tell(told);
    await toProvider(page, action, name).click();
    await page.waitForURL((url) => url.origin === upstream[name].origin);
    assert.match(await page.locator('h1').innerText(), /the independent one/);
    await page.locator('button').click();
    await page.waitForURL((url) => url.origin === demo.origin);
    await page.waitForLoadState();
  }

  /** Signs in by code and links a provider. */
  async function linked(visit, username, name, told) {
    const { page } = visit;
    await signIn(page, { username, password: `one door for ${username}` }, new Authenticator(SECRET));
    await visit.go('/account/upstream');
    await through(page, '/account/upstream', name, told);
    assert.equal(pathOf(page), '/account', await page.locator('main').innerText());
  }

  for (const language of LANGUAGES) {
    test(`linked, a way in, and unlinked: ${language}`, async () => {
      const username = `linked.${language}`;
      const visit = await visitor(`/sign-in?lang=${language}`);
      const { page } = visit;
      await assertLanguage(page, language);
      await look(visit, `sign-in with providers ${language}`, { status: 200 });
      await signIn(page, { username, password: `one door for ${username}` }, new Authenticator(SECRET));
      await visit.go('/account/upstream');
      await assertLanguage(page, language);
      await look(visit, `providers to link ${language}`, { status: 200 });
      await through(page, '/account/upstream', 'fas', { account: `there-${language}`, ...proved.app });
      assert.equal(pathOf(page), '/account');
      await look(visit, `account with a provider ${language}`, { status: 200 });
      await visit.go('/account/upstream');
      await look(visit, `providers linked ${language}`, { status: 200 });
      await signOut(page);

      await visit.go('/sign-in');
      await through(page, '/sign-in/upstream', 'fas', { account: `there-${language}`, ...proved.app });
      assert.equal(pathOf(page), '/', 'in, without a password');
      await assertLanguage(page, language);

      await visit.go('/account/upstream');
      const remove = page.locator('form[action="/account/upstream/fas/remove"] button');
      await Promise.all([page.waitForURL((url) => url.pathname === '/account'), remove.click()]);
      await look(visit, `provider unlinked ${language}`, { status: 200 });
      await signOut(page);
      await visit.go('/sign-in');
      await through(page, '/sign-in/upstream', 'fas', { account: `there-${language}`, ...proved.app });
      await assertLanguage(page, language);
      await look(visit, `nobody linked ${language}`, { status: 422 });
      assert.match(await page.locator('.plate').innerText(), /^[A-Z]+-\d{4}$/, 'a case code to phone about');
      await visit.context.close();
    });
  }

  test('by keyboard alone', async () => {
    const visit = await visitor('/sign-in?lang=en');
    const { page } = visit;
    await linked(visit, 'keys', 'itsme', { account: 'keys-there', ...proved.itsme });
    await signOut(page);
    await visit.go('/sign-in');
    const keyboard = byKeyboard(page);
    await upstream.itsme.tell({ account: 'keys-there', ...proved.itsme });
    await keyboard.tabTo('form[action^="/sign-in/upstream"]:has(input[value="itsme"]) button');
    await keyboard.enter((url) => url.origin === upstream.itsme.origin);
    await keyboard.tabTo('button');
    await keyboard.enter((url) => url.href === `${demo.origin}/`);
    await visit.go('/account');
    await keyboard.tabTo('main a[href="/account/upstream"]');
    await keyboard.enter((url) => url.pathname === '/account/upstream');
    await keyboard.tabTo('form[action="/account/upstream/itsme/remove"] button');
    await keyboard.enter((url) => url.pathname === '/account');
    visit.assertClean();
    await visit.context.close();
  });

  test('an application is told the level that was proved', async () => {
    const visit = await visitor('/sign-in?lang=en');
    const { page } = visit;
    await linked(visit, 'levels', 'fas', { account: 'levels-there', ...proved.app });
    await visit.go('/account/upstream');
    await through(page, '/account/upstream', 'itsme', { account: 'levels-at-itsme', ...proved.itsme });
    const client = demo.client('web');
    const authentication = oidc.ClientSecretBasic(client.client_secret);
    const config = await oidc.discovery(new URL(demo.sheet.issuer), client.client_id, undefined, authentication, { execute: [oidc.allowInsecureRequests] });
    for (const [name, told, more, acr, amr] of [
      ['fas', { account: 'levels-there', ...proved.app }, {}, 'mfa', ['mfa']],
      ['itsme', { account: 'levels-at-itsme', ...proved.itsme }, {}, 'mfa', ['mfa']],
      ['fas', { account: 'levels-there', ...proved.card }, { acr_values: 'phrh' }, 'phrh', ['sc', 'pin', 'mfa']],
    ]) {
      await visit.context.clearCookies();
      const verifier = oidc.randomPKCECodeVerifier();
      const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
      const address = oidc.buildAuthorizationUrl(config, {
        redirect_uri: client.redirect_uris[0], scope: 'openid', state, nonce, ...more,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
      });
      // Nobody listens at the application's address: the browser answers for it, and keeps what came.
      let arrived;
      const answer = new Promise((good) => { arrived = good; });
      await page.route((url) => `${url.origin}${url.pathname}` === client.redirect_uris[0], (route) => {
        arrived(route.request().url());
        return route.fulfill({ status: 200, contentType: 'text/html', body: '<!DOCTYPE html><title>back</title>' });
      });
      await page.goto(address.href);
      await upstream[name].tell(told);
      await toProvider(page, '/sign-in/upstream', name).click();
      await page.waitForURL((url) => url.origin === upstream[name].origin);
      await page.locator('button').click();
      const callback = new URL(await answer);
      const tokens = await oidc.authorizationCodeGrant(config, callback, {
        pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true,
      });
      const claims = tokens.claims();
      assert.equal(claims.acr, acr, `${name} ${JSON.stringify(more)}`);
      assert.deepEqual([...claims.amr].sort(), [...amr].sort());
      assert.ok(Math.abs(Date.now() / 1000 - claims.auth_time) < 120);
      await page.unrouteAll();
    }
    // The operator sees the links, and takes one away.
    const shown = JSON.parse(await demo.command('people', 'links', 'list', 'levels', '--json'));
    assert.deepEqual(shown.map(({ provider, ground, in_use }) => [provider, ground, in_use]), [['fas', 'signed_in', true], ['itsme', 'signed_in', true]]);
    await demo.command('people', 'links', 'remove', 'levels', 'fas');
    await visit.context.clearCookies();
    await visit.go('/sign-in?lang=en');
    await through(page, '/sign-in/upstream', 'fas', { account: 'levels-there', ...proved.card });
    assert.equal(page.lastStatus, 422, 'it opens nothing any more');
    await visit.context.close();
  });

  /** Proves who somebody is at the federal service, and stops before the browser comes back: gives the address. */
  async function onTheWayBack(page, action, told) {
    await upstream.fas.tell(told);
    await toProvider(page, action, 'fas').click();
    await page.waitForURL((url) => url.origin === upstream.fas.origin);
    const { request } = page.context();
    const once = { maxRedirects: 0 };
    let answer = await request.post(page.url(), once);
    for (let redirects = 0; redirects < 5; redirects += 1) {
      const next = new URL(answer.headers().location, answer.url());
      if (next.origin === demo.origin) return next.href;
      answer = await request.get(next.href, once);
    }
    return assert.fail('the provider does not send the browser back');
  }

  test('what comes back in another browser starts again', async () => {
    for (const language of LANGUAGES) {
      const visit = await visitor('/sign-in?lang=en');
      const back = await onTheWayBack(visit.page, '/sign-in/upstream', { account: 'whoever', ...proved.app });
      const phone = await visitor(`/sign-in?lang=${language}`);
      await phone.page.goto(back);
      await assertLanguage(phone.page, language);
      await look(phone, `start again ${language}`, { status: 422 });
      assert.match(await phone.page.locator('.plate').innerText(), /^[A-Z]+-\d{4}$/);
      assert.equal(await toProvider(phone.page, '/sign-in/upstream', 'fas').count(), 1, 'the way is there again');
      await visit.context.close();
      await phone.context.close();
    }
  });

  // The last one: from here on the federal service is gone.
  test('a provider that dies in the middle leaves another way, and no half link', async () => {
    const linking = await visitor('/sign-in?lang=en');
    await signIn(linking.page, { username: 'half', password: 'one door for half' }, new Authenticator(SECRET));
    await linking.go('/account/upstream');
    const entering = await visitor('/sign-in?lang=nl');
    const told = { account: 'half-there', ...proved.app };
    const backs = [
      await onTheWayBack(linking.page, '/account/upstream', told),
      await onTheWayBack(entering.page, '/sign-in/upstream', told),
    ];
    await upstream.fas.stop();
    await linking.page.goto(backs[0]);
    await look(linking, 'linking failed', { status: 503 });
    await linking.go('/account/upstream');
    assert.equal(await linking.page.locator('form[action="/account/upstream/fas/remove"]').count(), 0, 'nothing is linked');
    await entering.page.goto(backs[1]);
    await assertLanguage(entering.page, 'nl');
    await look(entering, 'provider is down', { status: 503 });
    // The same page leads in by what else there is.
    await givePassword(entering.page, 'killed', 'one door for killed');
    await giveCode(entering.page, await new Authenticator(SECRET).next());
    assert.equal(pathOf(entering.page), '/');
    await linking.context.close();
    await entering.context.close();
  });
});
