// Passkeys and security keys, with Chromium's own virtual authenticators.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { look } from './look.mjs';
import {
  Authenticator, LANGUAGES, assertLanguage, giveCode, givePassword, missing, openPage, pathOf, shot, signOut, startBrowser, startDemo,
} from './support.mjs';

/** Someone who has a password, and an app if a secret is given. */
const someone = (username, totp_secret = null) => ({ username, password: `one door for ${username}`, roles: ['staff'], totp_secret });
const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const PEOPLE = [
  ...LANGUAGES.map((language) => someone(`first.${language}`)),
  someone('field'), someone('keyboard'), someone('small'), someone('two.keys', SECRET), someone('no.script', SECRET),
  someone('stopped', SECRET), { ...someone('console', SECRET), roles: ['staff', 'admin'] },
];

describe('passkeys and security keys', { skip: missing, concurrency: false }, () => {
  let browser;
  let demo;
  before(async () => {
    browser = await startBrowser();
    demo = await startDemo({ people: PEOPLE });
  });
  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  /**
   * A page with an authenticator plugged in, which is touched as soon as it blinks. Where a test is about the button,
   * the browser offers nothing in the field: the device would answer there first.
   */
  async function withDevice(options = {}, { inField = false, ...profile } = {}) {
    const visit = await openPage(browser, profile);
    if (!inField) await visit.page.addInitScript(() => { PublicKeyCredential.isConditionalMediationAvailable = async () => false; });
    const devtools = await visit.context.newCDPSession(visit.page);
    await devtools.send('WebAuthn.enable');
    const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
        automaticPresenceSimulation: true, ...options,
      },
    });
    const device = {
      add: (credential) => devtools.send('WebAuthn.addCredential', { authenticatorId, credential }),
      credentials: async () => (await devtools.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
    };
    return {
      ...visit, device,
      go: (path) => visit.page.goto(`${demo.origin}${path}`),
      // Where the page may lead on by itself before it has come whole.
      pass: (path) => visit.page.goto(`${demo.origin}${path}`, { waitUntil: 'commit' }).catch(() => {}),
    };
  }

  const button = (page, path, kind = '') => page.locator(`form[action^="${path}"] [data-ask="${kind}"]`);
  const arrive = async (page, action, path) => { await Promise.all([page.waitForURL((url) => url.pathname === path), action()]); };

  /** From the sign-in page to the first passkey, in the place of an app. */
  async function firstPasskey(visit, username, language = 'en') {
    const { page } = visit;
    await visit.go(`/sign-in?lang=${language}`);
    await givePassword(page, username, `one door for ${username}`);
    await page.locator('a[href*="way=key"]').click();
    await page.waitForLoadState();
    await page.fill('[name=name]', 'My laptop');
    await arrive(page, () => button(page, '/sign-in/enrol/key', 'passkey').click(), '/account/set-up');
  }

  for (const language of LANGUAGES) {
    test(`a first passkey, then in without a name: ${language}`, async () => {
      const visit = await withDevice();
      const { page, device, assertClean } = visit;
      await visit.go(`/sign-in?lang=${language}`);
      await givePassword(page, `first.${language}`, `one door for first.${language}`);
      await page.locator('a[href*="way=key"]').click();
      await page.waitForLoadState();
      await assertLanguage(page, language);
      await look(visit, `first passkey ${language}`, { status: undefined });
      await shot(page, `bind-key-${language}`);
      await page.fill('[name=name]', 'My laptop');
      await arrive(page, () => button(page, '/sign-in/enrol/key', 'passkey').click(), '/account/set-up');
      const [credential] = await device.credentials();
      assert.equal(credential.isResidentCredential, true, 'it can be found without a name');
      await visit.go('/account');
      assert.match(await page.locator('main').innerText(), /My laptop/);
      await shot(page, `account-passkey-${language}`);
      await signOut(page);
      await visit.go('/sign-in');
      await assertLanguage(page, language);
      await shot(page, `sign-in-passkey-${language}`);
      await arrive(page, () => button(page, '/sign-in/passkey').click(), '/');
      assertClean();
      await visit.context.close();
    });
  }

  test('the field of the user name offers the passkey', async () => {
    const visit = await withDevice({}, { inField: true });
    await visit.go('/sign-in');
    assert.equal(await visit.page.getAttribute('[name=username]', 'autocomplete'), 'username webauthn');
    await firstPasskey(visit, 'field');
    await visit.context.clearCookies();
    // The device plays the choice among the suggestions: nothing is pressed.
    await arrive(visit.page, () => visit.pass('/sign-in'), '/');
    visit.assertClean();
    await visit.context.close();
  });

  test('by keyboard alone', async () => {
    const visit = await withDevice();
    const { page } = visit;
    const type = async (text) => { await page.keyboard.type(text); };
    const tabTo = async (selector) => {
      for (let step = 0; step < 60; step += 1) {
        if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
        await page.keyboard.press('Tab');
      }
      assert.fail(`${selector} is not reached by Tab on ${page.url()}`);
    };
    const enter = async () => { await Promise.all([page.waitForEvent('domcontentloaded'), page.keyboard.press('Enter')]); };
    await visit.go('/sign-in?lang=en');
    await tabTo('[name=username]');
    await type('keyboard');
    await tabTo('[name=password]');
    await type('one door for keyboard');
    await enter();
    await tabTo('a[href*="way=key"]');
    await enter();
    await tabTo('[data-ask="passkey"]');
    await enter();
    await page.waitForURL((url) => url.pathname === '/account/set-up');
    await tabTo('form[action="/sign-out"] button');
    await enter();
    await visit.go('/sign-in');
    await tabTo('form[action^="/sign-in/passkey"] [data-ask]');
    await arrive(page, () => page.keyboard.press('Enter'), '/');
    visit.assertClean();
    await visit.context.close();
  });

  test('a second key that is only touched, and the other way', async () => {
    const visit = await withDevice({ transport: 'usb', hasResidentKey: false, hasUserVerification: false, isUserVerified: false });
    const { page } = visit;
    const authenticator = new Authenticator(SECRET);
    await visit.go('/sign-in?lang=en');
    await givePassword(page, 'two.keys', 'one door for two.keys');
    await giveCode(page, await authenticator.next());
    await visit.go('/account/passkeys/new');
    await page.fill('[name=name]', 'Blue key');
    await arrive(page, () => button(page, '/account/passkeys', 'security_key').click(), '/account');
    assert.match(await page.locator('main').innerText(), /Security key: Blue key/);
    await look(visit, 'account with a key', { status: undefined });
    await signOut(page);
    await visit.go('/sign-in');
    await givePassword(page, 'two.keys', 'one door for two.keys');
    await look(visit, 'key', { status: undefined });
    await shot(page, 'key-en');
    await arrive(page, () => button(page, '/sign-in/key').click(), '/');
    await signOut(page);
    await visit.go('/sign-in');
    await givePassword(page, 'two.keys', 'one door for two.keys');
    await page.locator('a[href*="way=app"]').click();
    await page.waitForLoadState();
    await giveCode(page, await authenticator.next());
    assert.equal(pathOf(page), '/');
    visit.assertClean();
    await visit.context.close();
  });

  test('what is stopped says so, and nothing is lost', async () => {
    const visit = await withDevice({ transport: 'usb', hasUserVerification: false, isUserVerified: false, hasResidentKey: false });
    const { page } = visit;
    const authenticator = new Authenticator(SECRET);
    await visit.go('/sign-in?lang=en');
    await givePassword(page, 'stopped', 'one door for stopped');
    await giveCode(page, await authenticator.next());
    await visit.go('/account/passkeys/new');
    // A device that verifies nobody makes no passkey.
    await button(page, '/account/passkeys', 'passkey').click();
    const said = page.locator('[data-said]:visible .icon + span');
    await said.waitFor();
    assert.match(await said.innerText(), /Nothing (was sent|has changed)/);
    assert.equal(await page.evaluate(() => document.activeElement?.dataset?.ask), 'passkey', 'the focus is where it was');
    await shot(page, 'bind-key-stopped');
    await visit.context.close();
  });

  test('an administrator is led to a first passkey where the level is demanded', async () => {
    const visit = await withDevice();
    const { page } = visit;
    await visit.go('/sign-in?to=account&again=1&level=phr&lang=en');
    await givePassword(page, 'console', 'one door for console');
    await giveCode(page, await new Authenticator(SECRET).next());
    assert.equal(await page.locator('a[href*="way=app"]').count(), 0, 'nothing weaker is offered');
    await shot(page, 'bind-key-forced');
    await arrive(page, () => button(page, '/sign-in/enrol/key', 'passkey').click(), '/account');
    visit.assertClean();
    await visit.context.close();
  });

  test('the passkey of the sheet opens the demo', async () => {
    const person = demo.person('staff.passkey');
    assert.equal(person.passkeys.length, 1);
    const [{ credential_id, private_key, user_handle, rp_id, sign_count }] = person.passkeys;
    const base64 = (text) => Buffer.from(text, 'base64url').toString('base64');
    const visit = await withDevice({}, { inField: true });
    await visit.device.add({
      credentialId: base64(credential_id), isResidentCredential: true, rpId: rp_id, privateKey: base64(private_key),
      userHandle: base64(user_handle), signCount: sign_count,
    });
    await arrive(visit.page, () => visit.pass('/sign-in'), '/');
    visit.assertClean();
    await visit.context.close();
  });

  test('without scripts the page says how to go on', async () => {
    const first = await withDevice();
    const authenticator = new Authenticator(SECRET);
    await first.go('/sign-in?lang=en');
    await givePassword(first.page, 'no.script', 'one door for no.script');
    await giveCode(first.page, await authenticator.next());
    await first.go('/account/passkeys/new');
    await arrive(first.page, () => button(first.page, '/account/passkeys', 'passkey').click(), '/account');
    await first.context.close();
    const visit = await openPage(browser, { javaScriptEnabled: false });
    await visit.page.goto(`${demo.origin}/sign-in?lang=en`);
    assert.equal(await button(visit.page, '/sign-in/passkey').isVisible(), false);
    await givePassword(visit.page, 'no.script', 'one door for no.script');
    assert.match(await visit.page.locator('main').innerText(), /needs JavaScript/);
    await visit.page.locator('a[href*="way=app"]').click();
    await giveCode(visit.page, await authenticator.next());
    assert.equal(pathOf(visit.page), '/');
    visit.assertClean();
    await visit.context.close();
  });

  test('on a narrow page and in the dark', async () => {
    for (const [name, profile] of [
      ['narrow', { viewport: { width: 320, height: 640 } }],
      ['dark', { colorScheme: 'dark' }],
    ]) {
      const visit = await withDevice({}, profile);
      await visit.go('/sign-in?lang=de');
      await button(visit.page, '/sign-in/passkey').waitFor();
      await look(visit, `sign-in ${name}`, { status: undefined });
      await shot(visit.page, `sign-in-passkey-${name}`);
      await givePassword(visit.page, 'small', 'one door for small');
      await visit.page.locator('a[href*="way=key"]').click();
      await visit.page.waitForLoadState();
      await look(visit, `bind ${name}`, { status: undefined });
      await shot(visit.page, `bind-key-${name}`);
      visit.assertClean();
      await visit.context.close();
    }
  });
});
