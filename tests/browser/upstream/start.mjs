// Upstream providers for browser tests: npm's oidc-provider as a process of its own, in the shapes of the federal
// service and of itsme.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import assert from 'node:assert/strict';

const SCRIPT = join(dirname(fileURLToPath(import.meta.url)), 'provider.mjs');
const READY_MS_MAX = 30_000;
const SERVICE = 'CARDEA_SIGNIN';
const ITSME = 'http://itsme.services/v2/claim';

const SHAPES = {
  fas: {
    path: '/fas/oauth2', asks: 'CSAM, the independent one',
    client: { userinfo_signed_response_alg: 'RS256' },
    shape: { claims: ['egovNRN'] },
    settings: ['userinfo = "signed"'],
  },
  itsme: {
    path: '/v2', asks: 'itsme, the independent one',
    client: { id_token_encrypted_response_alg: 'RSA-OAEP-256', id_token_encrypted_response_enc: 'A128CBC-HS256' },
    shape: {
      scopes: [`service:${SERVICE}`], demands_scope: `service:${SERVICE}`,
      claims: ['transaction_ip', 'claim_device', 'ongoing_call', 'BENationalNumber'].map((claim) => `${ITSME}/${claim}`),
    },
    // The independent one keeps a session, which itsme does not.
    settings: [`service = "${SERVICE}"`, 'keeps_session = true'],
  },
};

/** What the next person proves, in the words of each. */
export const proved = {
  app: { acr: '0', amr: ['urn:be:fedict:iam:fas:Level450'] },
  card: { acr: '0', amr: ['eid', 'urn:be:fedict:iam:fas:Level500'] },
  itsme: { acr: '0', amr: [`${ITSME}/acr_advanced`] },
};

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** A provider for a service at `issuer`, which knows it under a name: `fas` or `itsme`. */
export async function startUpstream(name, issuer) {
  const { path, asks, client, shape, settings } = SHAPES[name];
  const port = await freePort();
  const whole = {
    port, path, asks, now: Math.floor(Date.now() / 1000), algorithms: ['RS256'], scopes: [], claims: [], acr_values: [],
    par: false, signed_requests: false, ...shape,
    client: {
      client_id: 'cardea', grant_types: ['authorization_code'], response_types: ['code'],
      redirect_uris: [`${issuer}/sign-in/upstream/${name}/callback`], jwks_uri: `${issuer}/federation/jwks`,
      token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: 'RS256',
      id_token_signed_response_alg: 'RS256', ...client,
    },
  };
  // Dies with this process, whatever ends it.
  const words = ['--pdeathsig', 'KILL', process.execPath, '--dns-result-order=ipv4first', SCRIPT, JSON.stringify(whole)];
  const child = spawn('setpriv', words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line', { signal: AbortSignal.timeout(READY_MS_MAX) }),
    ended.then(([code]) => assert.fail(`the provider ended with ${code} before it was ready`)),
  ]);
  assert.equal(line, 'ready');
  const origin = `http://127.0.0.1:${port}`;
  return {
    origin,
    address: `127.0.0.1:${port}`,
    /** Its section of a configuration. */
    section: [`[upstream.${name}]`, `issuer = "${origin}${path}"`, 'client_id = "cardea"', ...settings, ''].join('\n'),
    /** Says who the next person is there, and what they prove. */
    tell: async (told) => { await fetch(`${origin}/told`, { method: 'POST', body: JSON.stringify(told) }); },
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended;
    },
  };
}
