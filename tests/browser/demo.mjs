// A demo of one's own, its command line, and one-time codes: what tests need that have no browser.
import { execFile, spawn } from 'node:child_process';
import { createHmac, webcrypto } from 'node:crypto';
import { setDefaultResultOrder } from 'node:dns';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import assert from 'node:assert/strict';

// Debian 12's Node 18 does not have these as globals; openid-client expects them.
globalThis.crypto ??= webcrypto;
globalThis.CryptoKey ??= webcrypto.CryptoKey;

// The demo listens on 127.0.0.1, and some machines know `localhost` as ::1 first.
setDefaultResultOrder('ipv4first');

const HERE = dirname(fileURLToPath(import.meta.url));
const BINARY = process.env.CARDEA_BIN ?? resolve(HERE, '../../target/debug/cardea');
const READY_MS_MAX = 60_000;
const COMMAND_MS_MAX = 20_000;

/** Why a test cannot run on this machine, as `skip` of node:test: its programs that are not there. */
export function lacking(tests, programs = []) {
  const wanted = [[BINARY, 'build it first: cargo build'], ...programs];
  const missing = wanted.filter(([path]) => !existsSync(path)).map(([path, advice]) => `no ${path}; ${advice}`).join('; ');
  if (missing) console.error(`SKIPPED ${tests}: ${missing}`);
  return missing || false;
}

/**
 * A demo of one's own on a free port, with further `clients` and `people` where they are given, and with the upstream
 * providers of `upstream` (startUpstream) at a `port` that they know. `stop()` it in `after`.
 */
export async function startDemo(further = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-browser-'));
  const data = join(folder, 'demo');
  const options = ['clients', 'people'].filter((kind) => further[kind]).flatMap((kind) => {
    const file = join(folder, `${kind}.json`);
    writeFileSync(file, JSON.stringify(further[kind]));
    return [`--${kind}`, file];
  });
  if (further.upstream) {
    const file = join(folder, 'upstream.toml');
    writeFileSync(file, further.upstream.map((provider) => provider.section).join('\n'));
    options.push('--upstream', file, ...further.upstream.flatMap((provider) => ['--outgoing-allow', provider.address]));
  }
  // Dies with this process, whatever ends it.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', BINARY, 'demo', '--listen', `127.0.0.1:${further.port ?? 0}`, '--data', data, '--fresh', ...options],
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
      /** Runs the command line on this demo while it runs, and gives back what it printed. */
      command: async (...words) => {
        const { stdout } = await promisify(execFile)(BINARY, [...words, '--data', data], { timeout: COMMAND_MS_MAX });
        return stdout;
      },
      person: (username) => find(sheet.people, 'username', username),
      client: (id) => find(sheet.clients, 'client_id', id),
    };
  } catch (error) {
    await stop();
    throw error;
  }
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
