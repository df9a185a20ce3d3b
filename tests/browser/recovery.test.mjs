// A lost phone, a browser that is trusted, and an account that is set up by an invitation; in each language.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { look } from './look.mjs';
import {
  Authenticator, LANGUAGES, assertLanguage, enrol, giveCode, givePassword, missing, openPage, pathOf, press, shot, signOut,
  startBrowser, startDemo,
} from './support.mjs';

const PASSWORD = 'seven quiet lighthouses';

describe('ways back, and the first way in', { skip: missing, concurrency: false }, () => {
  let browser;
  let demo;
  let codes;
  before(async () => {
    browser = await startBrowser();
    demo = await startDemo();
    codes = [...demo.person('staff.totp').recovery_codes];
  });
  after(async () => {
    await browser?.close();
    await demo?.stop();
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

  const follow = async (page, href) => {
    await Promise.all([page.waitForEvent('domcontentloaded'), page.locator(`main a[href*="${href}"]`).first().click()]);
  };

  for (const language of LANGUAGES) {
    test(`a lost phone: ${language}`, async () => {
      const visit = await visitor(`/sign-in?lang=${language}`);
      const { page } = visit;
      const person = demo.person('staff.totp');
      await givePassword(page, person.username, person.password);
      await follow(page, 'way=recovery');
      await assertLanguage(page, language);
      await look(visit, `recovery code ${language}`, { status: 200 });
      await page.fill('[name=recovery_code]', 'AAAA-BBBB-CCCC-DDDD');
      await press(page);
      await look(visit, `recovery code refused ${language}`, { status: 422 });
      await page.fill('[name=recovery_code]', codes.pop().toLowerCase().replaceAll('-', ' '));
      await press(page);
      assert.equal(pathOf(page), '/account/set-up');
      await assertLanguage(page, language);
      await look(visit, `recovered ${language}`, { status: 200 });
      await follow(page, '/account/authenticators/app/new');
      await enrol(page, `New phone ${language}`);
      assert.equal(pathOf(page), '/account');
      await look(visit, `account after recovery ${language}`, { status: 200 });
      await signOut(page);
      visit.assertClean();
      await visit.context.close();
    });

    test(`an invitation: ${language}`, async () => {
      const name = `invited.${language}`;
      await demo.command('people', 'add', '--name', name, '--display-name', 'Invited', '--email', `${name}@chancellery.example`,
        '--language', language, '--without-password');
      const { link } = JSON.parse(await demo.command('people', 'invite', name, '--json'));
      const to = link.slice(demo.origin.length);
      const visit = await visitor(`${to}&lang=${language}`);
      const { page } = visit;
      await assertLanguage(page, language);
      await look(visit, `invitation ${language}`, { status: 200 });
      await page.fill('[name=username]', 'somebody.else');
      await press(page);
      await look(visit, `invitation refused ${language}`, { status: 422 });
      await page.fill('[name=username]', name);
      await press(page);
      await look(visit, `first password ${language}`, { status: 200 });
      await page.fill('[name=new_password]', PASSWORD);
      await page.fill('[name=new_password_again]', PASSWORD);
      await press(page);
      const authenticator = await enrol(page, 'Work phone');
      assert.equal(pathOf(page), '/account/set-up');
      await look(visit, `set up ${language}`, { status: 200 });
      await follow(page, '/account/recovery-codes');
      await look(visit, `codes asked ${language}`, { status: 200 });
      await press(page);
      await assertLanguage(page, language);
      assert.equal(await page.locator('.codes > li').count(), 10);
      await look(visit, `codes made ${language}`, { status: 200 });
      await page.emulateMedia({ media: 'print' });
      assert.equal(await page.locator('.topbar-tools').isVisible(), false, 'only what belongs on paper is printed');
      await shot(page, `codes-printed-${language}`);
      await page.emulateMedia({ media: 'screen' });
      const made = await page.locator('.codes > li').allInnerTexts();
      await follow(page, '/account');
      await signOut(page);
      // From now on the account is like any other.
      await visit.go(`/sign-in?lang=${language}`);
      await givePassword(page, name, PASSWORD);
      await giveCode(page, await authenticator.next());
      assert.equal(pathOf(page), '/');
      await signOut(page);
      await visit.go(`/sign-in?lang=${language}`);
      await givePassword(page, name, PASSWORD);
      await follow(page, 'way=recovery');
      await page.fill('[name=recovery_code]', made[0]);
      await press(page);
      assert.equal(pathOf(page), '/account/set-up');
      await visit.go(`${to}&lang=${language}`);
      await look(visit, `invitation used ${language}`, { status: 410 });
      assert.match(await page.locator('.plate').innerText(), /^[A-Z]+-\d{4}$/, 'a case code to phone about');
      await visit.context.close();
    });
  }

  test('a lost phone, by keyboard alone and without scripts', async () => {
    const visit = await visitor('/sign-in?lang=en', { javaScriptEnabled: false });
    const { page } = visit;
    const person = demo.person('desk');
    const tabTo = async (selector) => {
      for (let presses = 0; presses < 40; presses += 1) {
        await page.keyboard.press('Tab');
        if (await page.locator(`${selector}:focus`).count() === 1) return;
      }
      assert.fail(`${selector} is not reached by the keyboard on ${page.url()}`);
    };
    const enter = () => Promise.all([page.waitForEvent('domcontentloaded'), page.keyboard.press('Enter')]);
    await tabTo('[name=username]');
    await page.keyboard.type(person.username);
    await tabTo('[name=password]');
    await page.keyboard.type(person.password);
    await enter();
    await tabTo('a[href*="way=recovery"]');
    await enter();
    await tabTo('[name=recovery_code]');
    await page.keyboard.type(person.recovery_codes[0]);
    await enter();
    assert.equal(pathOf(page), '/account/set-up');
    await tabTo('a[href="/account/recovery-codes"]');
    await enter();
    await tabTo('main .btn-main');
    await enter();
    assert.equal(await page.locator('.codes > li').count(), 10);
    await visit.context.close();
  });

  test('a trusted browser', async () => {
    const person = demo.person('vip');
    const authenticator = new Authenticator(person.totp_secret);
    const visit = await visitor('/sign-in?lang=en');
    const { page } = visit;
    await givePassword(page, person.username, person.password);
    await look(visit, 'code with trust', { status: 200 });
    await page.check('[name=trust]');
    await giveCode(page, await authenticator.next());
    await signOut(page);
    await visit.go('/sign-in');
    await givePassword(page, person.username, person.password);
    assert.equal(pathOf(page), '/', 'the password is enough here');
    await visit.go('/account');
    await look(visit, 'account with trusted browser', { status: 200 });
    const end = page.locator('form[action^="/account/browsers/"] button');
    await Promise.all([page.waitForEvent('domcontentloaded'), end.click()]);
    await look(visit, 'browser ended', { status: 200 });
    await signOut(page);
    await visit.go('/sign-in');
    await givePassword(page, person.username, person.password);
    assert.equal(await page.locator('[name=code]').count(), 1, 'the code is asked for again');
    await visit.context.close();
  });
});
