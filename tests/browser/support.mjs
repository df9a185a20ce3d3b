// What every browser test needs: a demo of its own, a browser that notices violations, forms that are filled in.
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import assert from 'node:assert/strict';
import { Authenticator, lacking, startDemo } from './demo.mjs';
import { chromium } from 'playwright-core';

export { Authenticator, startDemo };

const HERE = dirname(fileURLToPath(import.meta.url));
const CHROMIUM = process.env.CHROMIUM_BIN ?? '/usr/bin/chromium';

export const LANGUAGES = ['nl', 'fr', 'de', 'en'];

/** Whether this machine can run browser tests; otherwise the reason why not, as `skip` of node:test. */
export const missing = lacking('browser tests', [[CHROMIUM, 'install the package chromium']]);

/** The browser, one a test file. */
export function startBrowser() {
  const asRoot = process.getuid() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [...asRoot, '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

/**
 * A fresh browser profile with one page. Everything that the strict content policy refused, every
 * script error and every broken part of a page is kept, and `assertClean` fails on it.
 */
export async function openPage(browser, options = {}) {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const violations = [];
  page.on('pageerror', (error) => violations.push(`script error: ${error.message}`));
  page.on('console', (message) => {
    const text = message.text();
    if (/content security policy|refused to|trusted ?types|permissions policy/i.test(text)) violations.push(text);
  });
  page.on('response', (response) => {
    if (response.status() >= 400 && response.request().resourceType() !== 'document') {
      violations.push(`${response.status()} for ${response.url()}`);
    }
  });
  const assertClean = () => assert.deepEqual(violations, [], `the browser complained on ${page.url()}`);
  return { context, page, violations, assertClean };
}

/** Presses the one main button of the page and waits for the page that follows. */
export async function press(page, scope = 'main') {
  const button = page.locator(`${scope} .btn-main`);
  assert.equal(await button.count(), 1, `one main action on ${page.url()}`);
  await Promise.all([page.waitForEvent('domcontentloaded'), button.click()]);
}

export async function givePassword(page, username, password) {
  await page.fill('[name=username]', username);
  await page.fill('[name=password]', password);
  await press(page);
}

export async function giveCode(page, code) {
  await page.fill('[name=code]', code);
  await press(page);
}

/** User name, password, and the code when one is asked. */
export async function signIn(page, person, authenticator) {
  await givePassword(page, person.username, person.password);
  if (authenticator) await giveCode(page, await authenticator.next());
}

/** Adds an authenticator app on the enrolment page that is open, and gives it back. */
export async function enrol(page, name) {
  const secret = (await page.locator('.secret').innerText()).replaceAll(/\s/g, '');
  assert.match(secret, /^[A-Z2-7]{26,}$/, 'the secret is shown as text, 128 bits at least');
  const authenticator = new Authenticator(secret);
  await page.fill('[name=name]', name);
  await giveCode(page, await authenticator.next());
  return authenticator;
}

export async function signOut(page) {
  const button = page.locator('header form[action="/sign-out"] button');
  await Promise.all([page.waitForEvent('domcontentloaded'), button.click()]);
}

export const pathOf = (page) => new URL(page.url()).pathname;

export async function assertLanguage(page, language) {
  assert.equal(await page.getAttribute('html', 'lang'), language, `language of ${page.url()}`);
}

/** Keeps a picture when SHOTS=1. */
export async function shot(page, name) {
  if (process.env.SHOTS !== '1') return;
  const folder = join(HERE, 'shots');
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
