// An application of others asks what it may know; answers that travel as a form. With scripts and without.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { look } from './look.mjs';
import {
  Authenticator, LANGUAGES, assertLanguage, missing, openPage, pathOf, shot, signIn, startBrowser, startDemo,
} from './support.mjs';

/** An application of others, whose owner is known. */
const rooms = (origin) => ({
  client_id: 'rooms',
  client_name: 'Room planner',
  client_secret: 'a-secret-of-the-room-planner-in-browser-tests',
  token_endpoint_auth_method: 'client_secret_post',
  redirect_uris: [`${origin}/callback`, `${origin}/elsewhere/with/a/rather/long/path?tenant=chancellery`],
  grant_types: ['authorization_code', 'refresh_token'],
  scope: 'openid profile email address phone offline_access rooms.book',
  owners: ['staff.totp'],
});
const WAIT_MS = 15_000;
const STEP_MS = 20;

describe('applications of others', { skip: missing, concurrency: false }, () => {
  let application;
  let callback;
  let arrivals;
  let browser;
  let demo;
  let authenticator;
  before(async () => {
    arrivals = [];
    application = createServer(receive).listen(0, '127.0.0.1');
    await once(application, 'listening');
    const origin = `http://localhost:${application.address().port}`;
    callback = `${origin}/callback`;
    browser = await startBrowser();
    demo = await startDemo({ clients: [rooms(origin)] });
    authenticator = new Authenticator(demo.person('staff.totp').totp_secret);
  });
  after(async () => {
    await browser?.close();
    await demo?.stop();
    application?.close();
  });

  /** What the application does: it keeps what arrives. */
  async function receive(request, response) {
    let body = '';
    for await (const part of request) body += part;
    const { pathname, searchParams } = new URL(request.url, callback);
    const sent = request.method === 'POST' ? new URLSearchParams(body) : searchParams;
    response.setHeader('content-type', 'text/html').end('<!DOCTYPE html><title>back</title>');
    if (pathname === '/callback') arrivals.push({ method: request.method, url: request.url, sent });
  }

  async function visitor(options) {
    const visit = await openPage(browser, options);
    /** What arrives at the application while something is done here, and nothing else. */
    visit.arrival = async (act) => {
      arrivals.length = 0;
      await act();
      for (let waited = 0; arrivals.length === 0; waited += STEP_MS) {
        assert.ok(waited < WAIT_MS, `nothing arrived; the browser is at ${visit.page.url()}`);
        await pause(STEP_MS);
      }
      await visit.page.waitForURL((url) => url.pathname === '/callback');
      assert.equal(arrivals.length, 1, 'one answer');
      return arrivals[0];
    };
    visit.page.on('response', (response) => {
      if (response.request().isNavigationRequest() && response.frame() === visit.page.mainFrame()) visit.page.lastStatus = response.status();
    });
    visit.ask = (changes = {}) => {
      const address = new URL(`${demo.origin}/oauth2/authorize`);
      address.search = new URLSearchParams({
        client_id: 'rooms', redirect_uri: callback, response_type: 'code', state: 'a "state" & more',
        scope: 'openid profile email address phone rooms.book', code_challenge_method: 'S256',
        code_challenge: createHash('sha256').update(randomBytes(32)).digest('base64url'), ...changes,
      });
      // A page that sends itself on may be left before it is loaded.
      return visit.page.goto(address.href).catch((error) => {
        if (!/interrupted by another navigation/.test(error.message)) throw error;
      });
    };
    visit.decide = (decision) => visit.arrival(() => visit.page.locator(`[name=decision][value=${decision}]`).click());
    return visit;
  }

  for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? 'with scripts' : 'without scripts';

    test(`asked, allowed, remembered, withdrawn, refused: ${how}`, async () => {
      const visit = await visitor({ javaScriptEnabled });
      const { page, context, assertClean } = visit;
      try {
        await visit.ask({ ui_locales: 'en' });
        await signIn(page, demo.person('staff.totp'), authenticator);
        assert.equal(pathOf(page), '/oauth2/authorize/continue', 'the question comes after signing in');
        assert.match(await page.locator('h1').innerText(), /Room planner/);
        for (const shown of ['staff.totp@chancellery.example', '+32 2 501 00 01', 'Wetstraat 16', 'rooms.book']) {
          assert.ok((await page.locator('main').innerText()).includes(shown), `the page shows ${shown}`);
        }
        if (javaScriptEnabled) {
          await look(visit, 'consent', { status: 200 });
          for (const language of LANGUAGES) {
            await page.locator(`.langs a[hreflang=${language}]`).click();
            await assertLanguage(page, language);
            assert.equal(pathOf(page), '/oauth2/authorize/continue', 'the question stays in another language');
            await page.setViewportSize({ width: 320, height: 900 });
            await shot(page, `consent-${language}-320`);
            await page.setViewportSize({ width: 1440, height: 900 });
            await shot(page, `consent-${language}-1440`);
          }
        }
        const allowed = await visit.decide('allow');
        assert.equal(allowed.method, 'GET');
        assert.ok(allowed.sent.get('code'));
        assert.deepEqual([allowed.sent.get('state'), allowed.sent.get('iss')], ['a "state" & more', demo.sheet.issuer]);

        const again = await visit.arrival(() => visit.ask());
        assert.ok(again.sent.get('code'), 'asked once');

        await page.goto(`${demo.origin}/account?lang=en`);
        if (javaScriptEnabled) await look(visit, 'account with applications', { status: 200 });
        await page.locator('form[action="/account/applications/withdraw"] button').click();
        await page.waitForURL(`${demo.origin}/account`);
        assert.match(await page.locator('.notice.is-ok').innerText(), /withdrawn/);
        assert.equal(await page.locator('form[action="/account/applications/withdraw"]').count(), 0);

        await visit.ask();
        const refused = await visit.decide('refuse');
        assert.deepEqual([refused.sent.get('error'), refused.sent.get('code')], ['access_denied', null]);
        assertClean();
      } catch (error) {
        error.message += `\non ${page.url()}\n${demo.log().slice(-2000)}`;
        throw error;
      } finally {
        await context.close();
      }
    });

    test(`an answer travels as a form: ${how}`, async () => {
      const visit = await visitor({ javaScriptEnabled });
      const { page, context, assertClean } = visit;
      try {
        await visit.ask({ response_mode: 'form_post', ui_locales: 'fr' });
        await signIn(page, demo.person('staff.totp'), authenticator);
        const { method, url, sent } = await visit.arrival(async () => {
          await page.locator('[name=decision][value=allow]').click();
          if (javaScriptEnabled) return;
          await page.locator('#answer').waitFor();
          await assertLanguage(page, 'fr');
          await page.locator('#answer button').click();
        });
        assert.deepEqual([method, url], ['POST', '/callback']);
        assert.ok(sent.get('code'));
        assert.deepEqual([sent.get('state'), sent.get('iss')], ['a "state" & more', demo.sheet.issuer]);

        // An error goes the same way.
        const silent = await visit.arrival(async () => {
          await visit.ask({ response_mode: 'form_post', prompt: 'none', max_age: '0' });
          if (!javaScriptEnabled) await page.locator('#answer button').click();
        });
        assert.equal(silent.sent.get('error'), 'login_required');

        await page.goto(`${demo.origin}/account`);
        await page.locator('form[action="/account/applications/withdraw"] button').click();
        await page.waitForURL(`${demo.origin}/account`);
        assertClean();
      } catch (error) {
        error.message += `\non ${page.url()}\n${demo.log().slice(-2000)}`;
        throw error;
      } finally {
        await context.close();
      }
    });
  }

  test('the page that takes an answer on, standing still', async () => {
    const visit = await visitor();
    const { page, context, assertClean } = visit;
    try {
      await page.route('**/assets/answer.js', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
      for (const language of LANGUAGES) {
        await page.goto(`${demo.origin}/sign-in?lang=${language}`);
        await visit.ask({ response_mode: 'form_post', prompt: 'none' });
        await assertLanguage(page, language);
        await look(visit, `form post ${language}`, { status: 200 });
      }
      const { method, sent } = await visit.arrival(() => page.locator('#answer button').click());
      assert.deepEqual([method, sent.get('error')], ['POST', 'login_required']);
      assertClean();
    } finally {
      await context.close();
    }
  });

  test('who looks after an application sees what is wrong with its request', async () => {
    const visit = await visitor();
    const { page, context } = visit;
    try {
      await visit.ask({ redirect_uri: `${callback}/` });
      assert.ok(!(await page.locator('main').innerText()).includes('/callback'), 'a stranger sees nothing of it');
      await page.goto(`${demo.origin}/sign-in?lang=en`);
      await signIn(page, demo.person('staff.totp'), authenticator);
      await visit.ask({ redirect_uri: `${callback}/` });
      assert.equal(await page.locator('tbody tr').count(), 2);
      assert.equal(await page.locator('tbody tr:first-child mark').first().innerText(), '/');
      await look(visit, 'request of an own application', { status: 400 });
    } finally {
      await context.close();
    }
  });
});
