// What every browser test needs: a demo of its own, a browser that notices violations, one-time codes.
import { spawn } from 'node:child_process';
import { createHmac, webcrypto } from 'node:crypto';
import { setDefaultResultOrder } from 'node:dns';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

// Debian 12's Node 18 does not have these as globals; openid-client expects them.
globalThis.crypto ??= webcrypto;
globalThis.CryptoKey ??= webcrypto.CryptoKey;

// The demo listens on 127.0.0.1, and some machines know `localhost` as ::1 first.
setDefaultResultOrder('ipv4first');

const HERE = dirname(fileURLToPath(import.meta.url));
const BINARY = process.env.CARDEA_BIN ?? resolve(HERE, '../../target/debug/cardea');
const CHROMIUM = process.env.CHROMIUM_BIN ?? '/usr/bin/chromium';
const READY_MS_MAX = 60_000;

export const LANGUAGES = ['nl', 'fr', 'de', 'en'];

/** Whether this machine can run browser tests; otherwise the reason why not, as `skip` of node:test. */
export const missing = [[BINARY, 'build it first: cargo build'], [CHROMIUM, 'install the package chromium']]
  .filter(([path]) => !existsSync(path))
  .map(([path, advice]) => `no ${path}; ${advice}`)
  .join('; ') || false;
if (missing) console.error(`SKIPPED browser tests: ${missing}`);

/** A demo of one's own on a free port. `stop()` it in `after`. */
export async function startDemo() {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-browser-'));
  const data = join(folder, 'demo');
  // Dies with this process, whatever ends it.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', BINARY, 'demo', '--listen', '127.0.0.1:0', '--data', data, '--fresh'],
    { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk) => { log = (log + chunk).slice(-20_000); });
  const ready = new Promise((good, bad) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /^ready (http:\/\/localhost:\d+)$/.exec(line);
      if (found) good(found[1]); else bad(new Error(`unexpected line on standard output: ${line}`));
    });
    child.once('error', bad);
    child.once('exit', (code) => bad(new Error(`the demo ended with ${code} before it was ready\n${log}`)));
    setTimeout(() => bad(new Error(`the demo was not ready within ${READY_MS_MAX} ms\n${log}`)), READY_MS_MAX).unref();
  });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((done) => child.once('exit', done));
      child.kill('SIGKILL');
      await gone;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const origin = await ready;
    const sheet = JSON.parse(readFileSync(join(data, 'demo.json'), 'utf8'));
    const find = (list, key, wanted) => {
      const found = list.find((entry) => entry[key] === wanted);
      assert.ok(found, `the demo sheet has no ${wanted}`);
      return found;
    };
    return {
      origin, sheet, stop,
      log: () => log,
      person: (username) => find(sheet.people, 'username', username),
      client: (id) => find(sheet.clients, 'client_id', id),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

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

/** RFC 6238 with SHA-1, six digits and 30 seconds. */
export function totp(secretBase32, step) {
  let bits = '';
  for (const letter of secretBase32.replaceAll(/[\s=]/g, '').toUpperCase()) {
    const value = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter);
    assert.ok(value >= 0, `not base32: ${letter}`);
    bits += value.toString(2).padStart(5, '0');
  }
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', key).update(counter).digest();
  const number = mac.readUInt32BE(mac[19] & 0x0f) & 0x7fff_ffff;
  return String(number % 1_000_000).padStart(6, '0');
}

const stepNow = () => Math.floor(Date.now() / 30_000);

/** The authenticator app of one person: never the same step twice, as the server accepts each once. */
export class Authenticator {
  #secret;
  #stepUsed = 0;

  constructor(secretBase32) {
    this.#secret = secretBase32;
  }

  /** A code that was not used yet. The server allows one step ahead; beyond, this waits for the clock. */
  async next() {
    const step = Math.max(this.#stepUsed + 1, stepNow());
    while (step > stepNow() + 1) await pause(100);
    this.#stepUsed = step;
    return totp(this.#secret, step);
  }

  /** Six digits that are right neither now nor soon. */
  wrong() {
    const near = new Set([-2, -1, 0, 1, 2, 3].map((by) => totp(this.#secret, stepNow() + by)));
    return ['135790', '246801', '975310', '864209', '111222', '333444', '555666'].find((code) => !near.has(code));
  }
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
