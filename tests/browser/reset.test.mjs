// A forgotten password, one that has run out at home, an account that is only locked, and "this was not me".
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { look } from './look.mjs';
import {
  Authenticator, LANGUAGES, assertLanguage, enrol, giveCode, givePassword, missing, openPage, pathOf, press, shot, startBrowser,
  startDemo,
} from './support.mjs';

const FIRST = 'nine violet umbrellas at noon';

describe('a new password without the old one', { skip: missing, concurrency: false }, () => {
  let browser;
  let demo;
  let app;
  let password;
  before(async () => {
    browser = await startBrowser();
  });
  // Each has a demo of its own: a person gets no more than some mails in an hour.
  beforeEach(async () => {
    demo = await startDemo();
    const person = demo.person('staff.totp');
    app = new Authenticator(person.totp_secret);
    password = person.password;
  });
  afterEach(() => demo?.stop());
  after(() => browser?.close());

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

  const send = async (page, action) => {
    const button = page.locator(`main form[action="${action}"] button[type=submit]`);
    await Promise.all([page.waitForEvent('domcontentloaded'), button.click()]);
  };

  /** What the newest mail to somebody says that this finds; mails go out within seconds. */
  async function mailed(to, pattern, known = new Set()) {
    for (let tries = 0; tries < 60; tries += 1) {
      const names = readdirSync(demo.sheet.mailbox).filter((name) => name.endsWith('.eml') && !known.has(name)).sort().reverse();
      for (const name of names) {
        const mail = readFileSync(join(demo.sheet.mailbox, name), 'utf8').replaceAll('=\r\n', '');
        const found = mail.includes(to) ? mail.split('\r\n\r\n').slice(1).join('\n').match(pattern) : null;
        if (found) return found[0];
      }
      await pause(250);
    }
    throw new Error(`no mail to ${to} with ${pattern}`);
  }

  const mails = () => new Set(readdirSync(demo.sheet.mailbox));
  const CODE = /\b\d{4} \d{4}\b/;
  const NOT_ME = /\b[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}\b/;

  async function choose(page, fresh) {
    await page.fill('[name=new_password]', fresh);
    await page.fill('[name=new_password_again]', fresh);
    await press(page);
  }

  /** Until the new password is asked for: by a code from the mailbox, or one from paper, and one from the app. */
  async function prove(visit, name, problem, seen, paper) {
    const { page } = visit;
    await seen?.('start', { status: 200 });
    await page.fill('[name=username]', demo.person(name).username);
    await page.check(`[name=problem][value=${problem}]`);
    await press(page);
    await seen?.('ways', { status: 200 });
    if (paper) {
      await follow(page, 'way=recovery');
      await page.fill('[name=recovery_code]', paper);
    } else {
      await proveMailbox(page, name, seen);
    }
    await press(page);
    await seen?.('second', { status: 200 });
    await follow(page, 'way=app');
    await seen?.('app', { status: 200 });
    await page.fill('[name=code]', await app.next());
    await press(page);
  }

  async function proveMailbox(page, name, seen) {
    await follow(page, 'way=mail');
    await seen?.('mail ask', { status: 200 });
    const known = mails();
    await send(page, '/reset/mail/send');
    await page.fill('[name=mail_code]', '00000000');
    await press(page);
    await seen?.('mail refused', { status: 422 });
    await page.fill('[name=mail_code]', await mailed(demo.person(name).email, CODE, known));
  }

  for (const language of LANGUAGES) {
    test(`forgotten: ${language}`, async () => {
      const visit = await visitor(`/sign-in?lang=${language}`);
      const { page } = visit;
      await follow(page, '/reset');
      await assertLanguage(page, language);
      await prove(visit, 'staff.totp', 'forgotten', (what, options) => look(visit, `reset ${what} ${language}`, options));
      await look(visit, `reset choose ${language}`, { status: 200 });
      await choose(page, 'password1');
      await look(visit, `reset refused ${language}`, { status: 422 });
      const fresh = `${FIRST} ${language}`;
      await page.fill('[name=new_password]', fresh);
      const said = await page.locator('[data-live]').innerText();
      assert.ok(said.length > 3, 'strength in words while it is typed');
      await page.click('[data-show] button');
      assert.equal(await page.getAttribute('[name=new_password]', 'type'), 'text');
      await shot(page, `reset-shown-${language}`);
      const known = mails();
      await choose(page, fresh);
      await assertLanguage(page, language);
      await look(visit, `reset receipt ${language}`, { status: 200 });
      await page.emulateMedia({ media: 'print' });
      await shot(page, `reset-receipt-printed-${language}`);
      await page.emulateMedia({ media: 'screen' });
      assert.ok(await mailed(demo.person('staff.totp').email, NOT_ME, known));
      await follow(page, '/sign-in');
      await givePassword(page, 'staff.totp', fresh);
      await giveCode(page, await app.next());
      assert.equal(pathOf(page), '/');
      password = fresh;
      visit.assertClean();
      await visit.context.close();
    });
  }

  test('expired at home: a new password, a receipt, and in', async () => {
    const visit = await visitor('/sign-in?lang=en');
    const { page } = visit;
    const person = demo.person('staff.expired');
    const start = Date.now();
    await givePassword(page, person.username, person.password);
    if (await page.locator('[name=enrolment]').count()) await enrol(page, 'Phone');
    else if (await page.locator('[name=code]').count()) await giveCode(page, await new Authenticator(person.totp_secret).next());
    await look(visit, 'expired choose', { status: 200 });
    await choose(page, 'fourteen silent harbour bells');
    assert.equal(pathOf(page), '/reset/receipt');
    await look(visit, 'expired receipt', { status: 200 });
    await press(page);
    assert.ok(['/', '/account/set-up'].includes(pathOf(page)), page.url());
    assert.ok(Date.now() - start < 60_000, 'less than a minute');
    visit.assertClean();
    await visit.context.close();
  });

  test('only locked out, and this was not me', async () => {
    const visit = await visitor('/reset?problem=locked&lang=en');
    const { page } = visit;
    await prove(visit, 'staff.totp', 'locked', null, demo.person('staff.totp').recovery_codes[0]);
    await look(visit, 'unlock', { status: 200 });
    const known = mails();
    await press(page);
    await look(visit, 'unlocked', { status: 200 });
    const code = await mailed(demo.person('staff.totp').email, NOT_ME, known);
    await visit.go('/not-me');
    await look(visit, 'not me', { status: 200 });
    await page.fill('[name=not_me_code]', 'AAAA-BBBB-CCCC');
    await send(page, '/not-me');
    await look(visit, 'not me refused', { status: 422 });
    await page.fill('[name=not_me_code]', code);
    await send(page, '/not-me');
    await look(visit, 'not me done', { status: 200 });
    await visit.go('/sign-in');
    await givePassword(page, 'staff.totp', password);
    assert.equal(page.lastStatus, 422, 'nothing opens it but a reset');
    visit.assertClean();
    await visit.context.close();
  });
});
