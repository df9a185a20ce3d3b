// A person's first day, in each language, with and without scripts.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import {
  LANGUAGES, assertLanguage, enrol, giveCode, givePassword, missing, openPage, pathOf, shot, signOut, startBrowser, startDemo,
} from './support.mjs';

describe('first sign-in, enrolment, sign-out, second sign-in', { skip: missing, concurrency: false }, () => {
  let browser;
  before(async () => { browser = await startBrowser(); });
  after(() => browser?.close());

  for (const javaScriptEnabled of [true, false]) {
    for (const language of LANGUAGES) {
      test(`${language}, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async () => {
        // Enrolment happens once per set of demo data, so each run has a demo of its own.
        const demo = await startDemo();
        const { context, page, assertClean } = await openPage(browser, { javaScriptEnabled });
        try {
          const staff = demo.person('staff');

          await page.goto(`${demo.origin}/`);
          assert.equal(pathOf(page), '/sign-in', 'a stranger at home is sent to the door');
          await page.goto(`${page.url()}${page.url().includes('?') ? '&' : '?'}lang=${language}`);
          await assertLanguage(page, language);

          await givePassword(page, staff.username, staff.password);
          await assertLanguage(page, language);
          const authenticator = await enrol(page, 'Work phone');
          if (pathOf(page) !== '/') await page.goto(`${demo.origin}/`);
          assert.equal(pathOf(page), '/', 'home after enrolment');
          await assertLanguage(page, language);
          await shot(page, `home-${language}-${javaScriptEnabled ? 'scripts' : 'plain'}`);

          await signOut(page);
          await page.goto(`${demo.origin}/`);
          assert.equal(pathOf(page), '/sign-in', 'signed out is out');
          await assertLanguage(page, language);

          await givePassword(page, staff.username, staff.password);
          await giveCode(page, await authenticator.next());
          assert.equal(pathOf(page), '/', 'home after password and code');
          await assertLanguage(page, language);
          assertClean();
        } catch (error) {
          error.message += `\non ${page.url()}\n${demo.log().slice(-2000)}`;
          throw error;
        } finally {
          await context.close();
          await demo.stop();
        }
      });
    }
  }
});
