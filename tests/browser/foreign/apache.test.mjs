// A reverse proxy that knows nothing of us but the standards: Apache with mod_auth_openidc.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { lacking } from '../demo.mjs';
import { MODULES, PROGRAM, holdPort, startApache } from './apache.mjs';
import { Visitor } from './visitor.mjs';
import { Turns, startWorld } from './world.mjs';

const skip = lacking('Apache with mod_auth_openidc', [
  [PROGRAM, 'install the package apache2-bin'],
  [`${MODULES}/mod_auth_openidc.so`, 'install the package libapache2-mod-auth-openidc'],
]);

const NAMES = ['behind.header', 'behind.form'];
const SECRET = 'a secret of Apache that all may know';

const registration = (id, port, members) => ({
  client_id: id,
  client_name: `Behind Apache on port ${port}`,
  client_secret: SECRET,
  redirect_uris: [`http://localhost:${port}/private/callback`],
  post_logout_redirect_uris: [`http://localhost:${port}/open`],
  grant_types: ['authorization_code', 'refresh_token'],
  trusted: true,
  scope: 'openid profile email offline_access',
  ...members,
});

/** What both sites have in common: a private part, a public one, and a session of their own. */
const site = (port, id, provider) => ({
  port,
  directives: [
    ...provider,
    `OIDCClientID ${id}`,
    `OIDCRedirectURI http://localhost:${port}/private/callback`,
    'OIDCScope "openid profile email offline_access"',
    'OIDCAuthRequestParams prompt=consent',
    'OIDCPKCEMethod S256',
    'OIDCCryptoPassphrase a-passphrase-of-this-test-alone',
    'OIDCRemoteUserClaim preferred_username',
    'OIDCAuthNHeader X-Remote-User',
    'OIDCInfoHook access_token id_token userinfo refresh_token',
    'ProxyPass /private/callback !',
    '<Location /private>',
    'AuthType openid-connect',
    'Require valid-user',
    '</Location>',
    '<Location /private/visitors>',
    'Require claim email:nobody@example.be',
    '</Location>',
  ],
});

/**
 * One by headers and redirects alone, which is a resource server too, and one by forms. None by a key: the module's
 * assertions name the token endpoint, and the provider takes those for its issuer alone; FAPI 2.0 §5.3.2.1.
 */
function sites({ issuer, client }, [first, second]) {
  const rs = client('rs');
  const provider = [`OIDCProviderMetadataURL ${issuer}/.well-known/openid-configuration`, `OIDCClientSecret "${SECRET}"`];
  return [
    site(first, 'apache', [
      ...provider,
      `OIDCOAuthServerMetadataURL ${issuer}/.well-known/oauth-authorization-server`,
      `OIDCOAuthClientID ${rs.client_id}`,
      `OIDCOAuthClientSecret "${rs.client_secret}"`,
      'OIDCOAuthRemoteUserClaim client_id',
      '<Location /api>',
      'AuthType oauth20',
      'Require valid-user',
      'OIDCOAuthTokenIntrospectionInterval -1',
      '</Location>',
    ]),
    site(second, 'apache-form', [...provider, 'OIDCProviderTokenEndpointAuth client_secret_post', 'OIDCResponseMode form_post']),
  ];
}

describe('Apache with mod_auth_openidc', { skip, concurrency: true }, () => {
  let world;
  let apache;
  let ports;
  let turns;

  before(async () => {
    const held = await Promise.all(NAMES.map(holdPort));
    ports = held.map(({ port }) => port);
    world = await startWorld({
      names: NAMES,
      clients: [
        registration('apache', ports[0], { token_endpoint_auth_method: 'client_secret_basic' }),
        registration('apache-form', ports[1], { token_endpoint_auth_method: 'client_secret_post', id_token_signed_response_alg: 'RS256' }),
      ],
    });
    await Promise.all(held.map(({ free }) => free()));
    try {
      apache = await startApache(sites(world, ports));
    } catch (error) {
      await world.stop(); // Node 18 runs no `after` when a `before` failed.
      throw error;
    }
    turns = Turns.of(world);
    turns.catch(() => {}); // Told where it is awaited.
  });
  after(async () => {
    await apache?.stop();
    await world?.stop();
  });

  /** The steps that somebody goes, each by another signing key; the first one that fails is the last. */
  const stepsOf = (t) => {
    let last = Date.now();
    return async (name, act) => {
      let done = false;
      await t.test(name, async () => {
        await (await turns).since(last);
        try {
          await act();
        } catch (error) {
          throw new Error(`${error.message}\nThe log of Apache:\n${apache.log()}`, { cause: error });
        }
        [last, done] = [Date.now(), true];
      });
      assert.ok(done, `the journey ends at: ${name}`);
    };
  };

  const told = async (visitor, origin) => {
    const answer = await visitor.request('GET', new URL(`${origin}/private/callback?info=json`));
    assert.equal(answer.status, 200, answer.body);
    return JSON.parse(answer.body);
  };

  for (const [at, name] of NAMES.entries()) {
    test(`a person comes in and leaves, ${name}`, async (t) => {
      const step = stepsOf(t);
      const origin = `http://localhost:${ports[at]}`;
      const { issuer } = world;
      const person = world.person(name);
      const visitor = new Visitor(person);
      let earlier;

      await step('the application hears who it is, and no forged word', async () => {
        const headers = { 'X-Remote-User': 'admin', OIDC_CLAIM_email: 'admin@example.be', OIDC_CLAIM_groups: 'admins' };
        const answer = await visitor.open(`${origin}/private/page?of=book`, { issuer, headers });
        assert.equal(answer.status, 200, answer.body);
        const seen = JSON.parse(answer.body);
        assert.equal(seen.path, '/private/page?of=book', 'back where the person wanted to go');
        assert.equal(seen.headers['x-remote-user'], name);
        assert.equal(seen.headers.oidc_claim_email, person.email);
        assert.equal(seen.headers.oidc_claim_name, person.display_name);
        assert.equal(seen.headers.oidc_claim_iss, issuer);
        assert.equal(seen.headers.oidc_claim_acr, 'mfa');
        assert.equal(seen.headers.oidc_claim_groups, undefined);
      });
      await step('claims decide', async () => {
        assert.equal((await visitor.request('GET', new URL(`${origin}/private/visitors`))).status, 401);
      });
      await step('tokens are renewed', async () => {
        earlier = await told(visitor, origin);
        assert.equal(earlier.userinfo.given_name, 'Zoë');
        const again = new URLSearchParams({ refresh: `${origin}/private/page`, access_token: earlier.access_token });
        const answer = await visitor.open(`${origin}/private/callback?${again}`, { issuer });
        assert.equal(answer.url.href, `${origin}/private/page`, 'no error_code was added');
        const renewed = await told(visitor, origin);
        assert.notEqual(renewed.access_token, earlier.access_token);
      });
      await step('signing out ends both sessions', async () => {
        const answer = await visitor.open(`${origin}/private/callback?logout=${encodeURIComponent(`${origin}/open`)}`, { issuer });
        assert.equal(answer.url.href, `${origin}/open`);
        assert.equal(answer.status, 200);
        const stopped = await visitor.request('GET', new URL(`${origin}/private/page`));
        assert.equal(stopped.status, 302, 'the session of Apache is over');
        const silent = new URL(stopped.headers.location);
        silent.searchParams.set('prompt', 'none');
        const { url, fields } = await visitor.open(silent, { issuer, arrival: `${origin}/private/callback` });
        assert.equal(fields?.error ?? url.searchParams.get('error'), 'login_required');
      });
    });
  }

  test('a machine shows its token', async (t) => {
    const step = stepsOf(t);
    const m2m = world.client('m2m');
    const call = async (endpoint, fields) => {
      const basic = Buffer.from(`${m2m.client_id}:${encodeURIComponent(m2m.client_secret)}`).toString('base64');
      return fetch(endpoint, { method: 'POST', headers: { authorization: `Basic ${basic}` }, body: new URLSearchParams(fields) });
    };
    const show = (token) => fetch(`http://localhost:${ports[0]}/api/things`, { headers: token && { authorization: `Bearer ${token}` } });
    let token;
    await step('one that is active lets it in', async () => {
      ({ access_token: token } = await (await call(world.metadata.token_endpoint, { grant_type: 'client_credentials', scope: m2m.scope })).json());
      const answer = await show(token);
      assert.equal(answer.status, 200);
      assert.equal((await answer.json()).headers.oidc_claim_client_id, m2m.client_id);
    });
    await step('none, a broken one and a revoked one do not', async () => {
      assert.equal((await show()).status, 401);
      assert.equal((await show(`${token}x`)).status, 401);
      await call(world.metadata.revocation_endpoint, { token });
      assert.equal((await show(token)).status, 401);
    });
  });
});
