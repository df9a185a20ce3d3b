// Authlib, the Python library, as `journey.mjs` drives it: `authlib_application.py` runs beside, and hears and
// answers one line of JSON a call.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
export const PYTHON = process.env.AUTHLIB_PYTHON ?? resolve(HERE, '../../../target/authlib/bin/python');

export class Authlib {
  #child;
  #answers;
  #said = '';

  constructor(issuer, client, scope) {
    this.#child = spawn('setpriv', ['--pdeathsig', 'KILL', PYTHON, join(HERE, 'authlib_application.py'), JSON.stringify({ issuer, client, scope })],
      { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stderr.on('data', (chunk) => { this.#said = (this.#said + chunk).slice(-5_000); });
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  async #call(method, ...words) {
    this.#child.stdin.write(`${JSON.stringify([method, ...words])}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error(`the application in Python ended: ${this.#said}`);
    const { good, bad } = JSON.parse(value);
    if (bad) throw Object.assign(new Error(bad.message), bad);
    return good;
  }

  discover() { return this.#call('discover'); }

  /** The library asks again at once for a key that it does not know. */
  async aMinutePasses() {}

  authorizationUrl(parameters) { return this.#call('authorization_url', parameters); }

  redeem(callback) { return this.#call('redeem', callback.href); }

  userinfo(accessToken) { return this.#call('userinfo', accessToken); }

  refresh(refreshToken) { return this.#call('refresh', refreshToken); }

  clientCredentials(scope) { return this.#call('client_credentials', scope); }

  introspect(token) { return this.#call('introspect', token); }

  revoke(token) { return this.#call('revoke', token); }

  endSessionUrl(parameters) { return this.#call('end_session_url', parameters); }

  async close() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((done) => { this.#child.once('exit', done); });
    this.#child.kill('SIGKILL');
    await gone;
  }
}
