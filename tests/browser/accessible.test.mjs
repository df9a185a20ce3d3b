// Every page of this stage, looked at.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { look } from './look.mjs';
import {
  Authenticator, giveCode, givePassword, missing, openPage, signIn, signOut, startBrowser, startDemo,
} from './support.mjs';

describe('pages are accessible', { skip: missing, concurrency: false }, () => {
  let browser;
  let demo;
  before(async () => {
    browser = await startBrowser();
    demo = await startDemo();
  });
  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  async function visitor(path) {
    const visit = await openPage(browser);
    visit.page.on('response', (response) => {
      if (response.request().isNavigationRequest() && response.frame() === visit.page.mainFrame()) visit.page.lastStatus = response.status();
    });
    visit.go = (to) => visit.page.goto(`${demo.origin}${to}`);
    await visit.go(path);
    return visit;
  }

  test('sign-in, refused, and the privacy page', async () => {
    const visit = await visitor('/sign-in?lang=en');
    await look(visit, 'sign-in', { status: 200 });
    await givePassword(visit.page, 'nobody.at.all', 'not the password of anybody');
    await look(visit, 'sign-in refused', { status: 422 });
    assert.equal(await visit.page.inputValue('[name=username]'), 'nobody.at.all', 'what was typed is kept');
    assert.equal(await visit.page.inputValue('[name=password]'), '', 'but never the password');
    assert.match(await visit.page.locator('.plate').innerText(), /^[A-Z]+-\d{4}$/, 'a case code to phone about');
    await visit.go('/privacy');
    await look(visit, 'privacy', { status: 200 });
    await visit.go('/there/is/nothing/here');
    await look(visit, 'not found', { status: 404 });
    await visit.context.close();
  });

  test('code, refused; home, account, sign-out', async () => {
    const person = demo.person('staff.totp');
    const authenticator = new Authenticator(person.totp_secret);
    const visit = await visitor('/sign-in?lang=en');
    await givePassword(visit.page, person.username, person.password);
    await look(visit, 'code', { status: 200 });
    await giveCode(visit.page, authenticator.wrong());
    await look(visit, 'code refused', { status: 422 });
    await giveCode(visit.page, await authenticator.next());
    await look(visit, 'home', { status: 200 });
    await visit.go('/account');
    await look(visit, 'account', { status: 200 });
    await visit.go('/there/is/nothing/here');
    await look(visit, 'not found, signed in', { status: 404 });
    await visit.go('/sign-out');
    await look(visit, 'sign-out');
    await visit.go('/');
    await signOut(visit.page);
    await look(visit, 'signed out');
    await visit.context.close();
  });

  test('enrolment', async () => {
    const person = demo.person('staff');
    const visit = await visitor('/sign-in?lang=en');
    await givePassword(visit.page, person.username, person.password);
    await look(visit, 'enrolment', { status: 200 });
    await giveCode(visit.page, '000000');
    await look(visit, 'enrolment refused', { status: 422 });
    await visit.context.close();
  });

  test('change of an expired password', async () => {
    const person = demo.person('staff.expired');
    const visit = await visitor('/sign-in?lang=en');
    await signIn(visit.page, person, person.totp_secret && new Authenticator(person.totp_secret));
    assert.ok(await visit.page.locator('[autocomplete=new-password]').count() > 0, 'led to the change of the password');
    await look(visit, 'change password', { status: 200 });
    await visit.context.close();
  });
});
