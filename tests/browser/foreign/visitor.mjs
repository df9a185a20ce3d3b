// A person at a browser without a screen: cookies are kept, redirects followed, forms filled in and sent as a
// browser sends them. Pages work without scripts, so this is enough to sign in.
import { request } from 'node:http';
import assert from 'node:assert/strict';
import { Authenticator } from '../demo.mjs';

const REDIRECTS_MAX = 10;
const PAGES_MAX = 8;
const ANSWER_MS_MAX = 20_000;

export class Visitor {
  #person;
  #authenticator;
  // By name alone: cookies know no ports, and everything here is on `localhost`.
  #cookies = new Map();

  constructor(person) {
    this.#person = person;
    this.#authenticator = person.totp_secret ? new Authenticator(person.totp_secret) : undefined;
  }

  get username() {
    return this.#person.username;
  }

  /**
   * Opens an address and fills in each form of the provider that comes, until something else comes: the
   * answer of another server, or a way to `arrival`, where nobody needs to listen: a redirect, or a form's `fields`.
   */
  async open(address, { issuer, arrival, headers } = {}) {
    let answer = await this.#follow('GET', new URL(address), { arrival, headers });
    for (let pages = 0; answer.status !== undefined && answer.url.origin === issuer; pages += 1) {
      assert.ok(pages < PAGES_MAX, `no end of forms; the last one was at ${answer.url}`);
      assert.equal(answer.status, 200, `${answer.url} answered ${answer.status}: ${words(answer.body)}`);
      const { action, fields } = await this.#filled(formOf(answer), answer.url);
      if (action === arrival) return { url: new URL(action), fields };
      answer = await this.#follow('POST', new URL(action, answer.url), { arrival, headers, form: { origin: issuer, fields } });
    }
    return answer;
  }

  /** One request, and no redirect followed. */
  async request(method, url, { headers = {}, fields } = {}) {
    const cookies = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const body = fields && new URLSearchParams(fields).toString();
    const answer = await send(method, url, body, {
      ...(cookies && { cookie: cookies }),
      ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
      ...headers,
    });
    for (const line of answer.headers['set-cookie'] ?? []) this.#keep(line);
    return answer;
  }

  async #follow(method, url, { arrival, headers, form }) {
    // A page sends its origin with a form; RFC 6454 §7.3.
    let answer = await this.request(method, url, { headers: { ...headers, ...(form && { origin: form.origin }) }, fields: form?.fields });
    for (let redirects = 0; answer.status >= 300 && answer.status < 400; redirects += 1) {
      assert.ok(redirects < REDIRECTS_MAX, `no end of redirects at ${answer.url}`);
      const next = new URL(answer.headers.location, answer.url);
      if (arrival && `${next.origin}${next.pathname}` === arrival) return { url: next };
      answer = await this.request('GET', next, { headers });
    }
    return answer;
  }

  #keep(line) {
    const [pair, ...attributes] = line.split(';').map((part) => part.trim());
    const [, name, value] = /^([^=]+)=(.*)$/.exec(pair) ?? [];
    assert.ok(name, `not a cookie: ${line}`);
    const ends = attributes.map((attribute) => /^(max-age|expires)=(.*)$/i.exec(attribute)).filter(Boolean);
    const over = ends.some(([, kind, when]) => (kind.toLowerCase() === 'expires' ? Date.parse(when) <= Date.now() : Number(when) <= 0));
    if (over) this.#cookies.delete(name); else this.#cookies.set(name, value);
  }

  async #filled({ action, fields, open }, url) {
    const known = { username: () => this.#person.username, password: () => this.#person.password, code: () => this.#authenticator.next() };
    for (const name of open) {
      assert.ok(known[name], `nothing to put into the field ${name} at ${url}`);
      fields[name] = await known[name]();
    }
    return { action, fields };
  }
}

/** By node:http, as `fetch` would not let us say that this is a browser that goes to a page. */
function send(method, url, body, headers) {
  return new Promise((good, bad) => {
    const asked = request(url, {
      method,
      headers: { accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', ...headers },
      timeout: ANSWER_MS_MAX,
    }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => { chunks.push(chunk); });
      answer.on('error', bad);
      answer.on('end', () => { good({ url, status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks).toString() }); });
    });
    asked.on('timeout', () => { asked.destroy(new Error(`${url} does not answer`)); });
    asked.on('error', bad);
    asked.end(body);
  });
}

/** The first form of the page's main part: where it goes, what it carries, which fields are open. */
function formOf({ url, body }) {
  const main = /<main\b[\s\S]*<\/main>/.exec(body)?.[0] ?? '';
  const [form, start] = /(<form\b[^>]*\bmethod="post"[^>]*>)[\s\S]*?<\/form>/.exec(main) ?? [];
  assert.ok(form, `no form at ${url}: ${words(body)}`);
  const fields = {};
  const open = [];
  for (const [input] of form.matchAll(/<input\b[^>]*>/g)) {
    const name = attribute(input, 'name');
    if (attribute(input, 'type') === 'hidden') fields[name] = attribute(input, 'value');
    else if (/\brequired\b/.test(input)) open.push(name);
  }
  const [button] = /<button\b[^>]*\bbtn-main\b[^>]*>/.exec(form) ?? [''];
  if (attribute(button, 'name')) fields[attribute(button, 'name')] = attribute(button, 'value') ?? '';
  return { action: attribute(start, 'action') ?? url.href, fields, open };
}

function attribute(tag, name) {
  const value = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
  return value?.replaceAll(/&(?:#(\d+)|#x([0-9a-f]+)|(amp|lt|gt|quot));/gi, (_, decimal, hex, named) => (named
    ? { amp: '&', lt: '<', gt: '>', quot: '"' }[named.toLowerCase()]
    : String.fromCodePoint(decimal ? Number(decimal) : Number.parseInt(hex, 16))));
}

/** What a page says, for the message of a failed test. */
function words(html) {
  return html.replace(/[\s\S]*<main\b/, '<').replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ').slice(0, 600);
}
