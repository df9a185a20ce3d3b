// A demo for foreign clients: with people of their own, one for each journey, since a one-time code works once,
// and with signing keys that turn every second.
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import assert from 'node:assert/strict';
import { startDemo } from '../demo.mjs';

// A key signs 70 seconds after it was made. So they are made beforehand, one a second, and then follow each
// other as fast: enough for a journey on a machine that is slow.
const TURNS = 24;
const BETWEEN_MS = 1000;

/** Starts a demo in which each of the `names` is a person; `clients` are registered beside its own. */
export async function startWorld({ names, clients = [] }) {
  const demo = await startDemo({ clients, people: names.map(person) });
  try {
    const answer = await fetch(`${demo.sheet.issuer}/.well-known/openid-configuration`);
    assert.equal(answer.status, 200);
    return { ...demo, issuer: demo.sheet.issuer, metadata: await answer.json() };
  } catch (error) {
    await demo.stop(); // Node 18 runs no `after` when a `before` failed.
    throw error;
  }
}

function person(name) {
  return {
    username: name,
    password: `a door abroad for ${name}`,
    display_name: 'Zoë Ångström-Peeters',
    email: `${name}@example.be`,
    roles: ['staff'],
    totp_secret: base32(createHash('sha1').update(name).digest()),
    claims: { given_name: 'Zoë', family_name: 'Ångström-Peeters' },
  };
}

function base32(bytes) {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return bits.match(/.{5}/g).map((five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(five, 2)]).join('');
}

/**
 * Makes the next signing keys of the running demo and gives back when they sign, in ms: `--now` in 70 seconds, and
 * nothing breaks; `--retire-old` at once, and what the older ones signed is dead.
 */
export async function rotate(demo, variant) {
  const { turned } = JSON.parse(await demo.command('keys', 'rotate', '--signing', variant, '--json'));
  return Math.max(...turned.made.map((key) => Date.parse(key.active_from)));
}

/** Keys that are all published, and follow each other every second from a moment on. */
export class Turns {
  #moments;

  constructor(moments) {
    this.#moments = moments;
  }

  static async of(demo) {
    const moments = [];
    for (let made = 0; made < TURNS; made += 1) {
      moments.push(await rotate(demo, '--now'));
      await pause(Math.max(0, moments[0] + (made + 1) * BETWEEN_MS - moments[made]));
    }
    return new Turns(moments);
  }

  /** Waits until other keys sign than at the moment `before`. */
  async since(before) {
    const next = this.#moments.find((moment) => moment > before);
    assert.ok(next, 'there are no more keys to turn: the steps took too long');
    while (Date.now() <= next) await pause(next - Date.now() + 1);
  }
}

/** The key that signed a token. */
export function keyOf(jwt) {
  return JSON.parse(Buffer.from(jwt.split('.')[0], 'base64url')).kid;
}
