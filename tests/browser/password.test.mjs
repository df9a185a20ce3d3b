// A new password while it is typed: the page says in words how far it is, in each language, and the service decides.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { look } from './look.mjs';
import { Authenticator, LANGUAGES, assertLanguage, giveCode, givePassword, missing, openPage, pathOf, press, startBrowser, startDemo } from './support.mjs';

const SAYS = {
  nl: { short: 'Voorlopig 5 van 8 tekens.', own: 'Uw gebruikersnaam', simple: 'makkelijk te raden', enough: 'Lang genoeg. Of', refused: 'makkelijk te raden' },
  fr: { short: '5 caractères sur 8', own: 'nom d’utilisateur', simple: 'facile à deviner', enough: 'Assez long. Nous', refused: 'faciles à deviner' },
  de: { short: 'Bisher 5 von 8 Zeichen.', own: 'Ihr Benutzername', simple: 'leicht zu erraten', enough: 'Lang genug. Ob', refused: 'leicht zu erraten' },
  en: { short: 'So far 5 of 8 characters.', own: 'your user name', simple: 'easy to guess', enough: 'Long enough. Whether', refused: 'easy to guess' },
};

describe('a new password', { skip: missing, concurrency: false }, () => {
  let browser;
  let demo;
  let authenticator;
  before(async () => {
    browser = await startBrowser();
    demo = await startDemo();
    authenticator = new Authenticator(demo.person('desk').totp_secret);
  });
  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  for (const language of LANGUAGES) {
    test(`says how far it is: ${language}`, async () => {
      const visit = await openPage(browser);
      const { page } = visit;
      const person = demo.person('desk');
      await page.goto(`${demo.origin}/sign-in?lang=${language}`);
      await givePassword(page, person.username, person.password);
      await giveCode(page, await authenticator.next());
      await page.goto(`${demo.origin}/account/password`);
      await assertLanguage(page, language);
      const says = page.locator('[data-live]');
      for (const [typed, expected] of [['abcde', 'short'], ['the desk is here', 'own'], ['aaaaaaaaaaaa', 'simple'],
        ['abcdefghijkl', 'simple'], ['Zomer2026!', 'enough']]) {
        await page.fill('#new_password', typed);
        assert.match(await says.innerText(), new RegExp(SAYS[language][expected]), typed);
      }
      await look(visit, `new password live ${language}`);
      // Everybody's words: the page does not know them, the service does.
      await page.fill('[name=current_password]', person.password);
      await page.fill('[name=new_password_again]', 'Zomer2026!');
      await press(page);
      assert.equal(pathOf(page), '/account/password');
      assert.match(await page.locator('#new-error').innerText(), new RegExp(SAYS[language].refused));
      await visit.context.close();
    });
  }
});
