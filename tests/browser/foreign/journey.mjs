// What every client library does with the demo, in the order of an application's life. Before each step the
// signing keys turn: a library that read them a step ago finds the next one among them, and what the one before
// signed still counts.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { Turns, keyOf, rotate, startWorld } from './world.mjs';
import { Visitor } from './visitor.mjs';

// An application of the demo for each way of proving itself, and one of our own.
const APPLICATIONS = {
  web: 'client_secret_basic',
  abroad: 'client_secret_post',
  pkj: 'private_key_jwt',
  spa: 'none',
};
const SCOPE = 'openid profile email offline_access';
const LEAKED = 'journey.leaked';
const nameOf = (id) => `journey.${id}`;

/**
 * Registers the tests of one library. `Library` is driven by the methods of `OpenidClient`; `algorithm` signs the
 * ID tokens of one of its applications, and where it `isResourceServer` it also checks access tokens by itself.
 */
export function journeys(title, Library, { skip, algorithm, isResourceServer = false }) {
  describe(title, { skip, concurrency: false }, () => {
    let world;
    let turns;
    before(async () => {
      world = await startWorld({ names: [...Object.keys(APPLICATIONS).map(nameOf), LEAKED], clients: [registration(algorithm)] });
      turns = Turns.of(world);
      turns.catch(() => {}); // Told where it is awaited.
    });
    after(() => world?.stop());

    /** The library as one application, and the steps that it goes; the first one that fails is the last. */
    const application = async (t, id) => {
      const library = new Library(world.issuer, world.client(id), SCOPE);
      t.after(() => library.close());
      let last = Date.now();
      const step = async (name, act) => {
        let done = false;
        await t.test(name, async () => {
          await (await turns).since(last);
          await act();
          [last, done] = [Date.now(), true];
        });
        assert.ok(done, `the journey ends at: ${name}`);
      };
      return { client: world.client(id), library, step };
    };

    describe('while the keys turn', { concurrency: true }, () => {
      for (const [id, method] of Object.entries(APPLICATIONS)) {
        test(`${id} signs somebody in, ${method}`, async (t) => {
          const made = await application(t, id);
          assert.equal(made.client.token_endpoint_auth_method, method);
          const { library: server } = await application(t, 'rs');
          const visitor = new Visitor(world.person(nameOf(id)));
          await signIn({ ...made, world, visitor, server, algorithm: id === 'abroad' ? algorithm : 'ES256', isResourceServer });
        });
      }

      test('m2m gets a token for itself, and rs learns what it is worth', async (t) => {
        const made = await application(t, 'm2m');
        const { library: server } = await application(t, 'rs');
        await machine({ ...made, server });
      });
    });

    test('when a key leaked, what it signed is dead, and everybody goes on', async (t) => {
      await leak({ ...await application(t, 'web'), world, visitor: new Visitor(world.person(LEAKED)) });
    });
  });
}

function registration(algorithm) {
  return {
    client_id: 'abroad',
    client_name: 'An application abroad',
    client_secret: 'a secret of the application abroad: + % : &',
    token_endpoint_auth_method: 'client_secret_post',
    redirect_uris: ['http://localhost:3011/callback'],
    post_logout_redirect_uris: ['http://localhost:3011/'],
    grant_types: ['authorization_code', 'refresh_token'],
    scope: SCOPE,
    audiences: ['rs'],
    id_token_signed_response_alg: algorithm,
  };
}

async function signIn({ world, client, library, server, step, visitor, algorithm, isResourceServer }) {
  const { issuer } = world;
  const [arrival] = client.redirect_uris;
  let [address, callback, first, tokens] = [];

  await step('discovery', async () => {
    assert.equal((await library.discover()).issuer, issuer);
  });
  await step('the address to send the browser to', async () => {
    address = await library.authorizationUrl({ prompt: 'consent' });
  });
  await step('password, code and consent in the browser', async () => {
    callback = (await visitor.open(address, { issuer, arrival })).url;
    assert.equal(callback.searchParams.get('iss'), issuer);
  });
  await step('a code becomes tokens, and the library proves the ID token', async () => {
    first = await library.redeem(callback);
    tokens = first;
    const { claims } = first;
    assert.equal(claims.iss, issuer);
    assert.equal(claims.aud, client.client_id);
    assert.equal(claims.acr, 'mfa');
    assert.ok(claims.amr.includes('pwd') && claims.amr.includes('otp'));
    assert.ok(claims.nonce && claims.at_hash, 'bound to the request and to the access token');
    assert.equal(JSON.parse(Buffer.from(first.id_token.split('.')[0], 'base64url')).alg, algorithm);
  });
  const told = async () => {
    const userinfo = await library.userinfo(tokens.access_token, first.claims.sub);
    assert.equal(userinfo.sub, first.claims.sub);
    assert.equal(userinfo.preferred_username, visitor.username);
    assert.equal(userinfo.given_name, 'Zoë');
  };
  await step('userinfo, by a token of a key that signs no more', told);
  if (isResourceServer) {
    await step('the access token stands by itself; RFC 9068', async () => {
      const claims = await library.validateAccessToken(tokens.access_token, 'rs');
      assert.equal(claims.client_id, client.client_id);
      assert.equal(claims.sub, first.claims.sub);
    });
  }
  await step('refresh', async () => {
    tokens = await library.refresh(first.refresh_token);
    assert.notEqual(tokens.access_token, first.access_token);
    assert.notEqual(keyOf(tokens.access_token), keyOf(first.access_token), 'the keys did turn');
    assert.equal(tokens.claims.sub, first.claims.sub);
    assert.equal(tokens.claims.auth_time, first.claims.auth_time, 'nobody signed in anew; OIDC Core §12.2');
  });
  await step('userinfo, by the refreshed token', told);
  await step('a resource server asks', async () => {
    await server.discover();
    const found = await server.introspect(tokens.access_token);
    assert.equal(found.active, true);
    assert.equal(found.client_id, client.client_id);
    assert.equal(found.sub, first.claims.sub);
    assert.equal(found.acr, 'mfa', 'RFC 9470 §6.2');
  });
  await step('what is revoked is worth nothing', async () => {
    await library.revoke(tokens.refresh_token);
    await assert.rejects(library.refresh(tokens.refresh_token), (error) => error.error === 'invalid_grant');
    await assert.rejects(library.userinfo(tokens.access_token, first.claims.sub), (error) => error.status === 401);
    assert.deepEqual(await server.introspect(tokens.access_token), { active: false }, 'and nothing else; RFC 7662 §2.2');
  });
  await step('signing out here signs out there', async () => {
    const [home] = client.post_logout_redirect_uris;
    const out = await library.endSessionUrl({ id_token_hint: tokens.id_token, post_logout_redirect_uri: home, state: 'out' });
    const { url } = await visitor.open(out, { issuer, arrival: home });
    assert.equal(url.href, `${home}?state=out`);
  });
  await step('who is signed out is not let in silently', async () => {
    const again = await library.authorizationUrl({ prompt: 'none' });
    const { url } = await visitor.open(again, { issuer, arrival });
    await assert.rejects(library.redeem(url), (error) => error.error === 'login_required');
  });
}

async function machine({ client, library, step, server }) {
  let tokens;
  await step('discovery', async () => {
    await library.discover();
    await server.discover();
  });
  await step('client credentials', async () => {
    tokens = await library.clientCredentials(client.scope);
    assert.equal(tokens.token_type.toLowerCase(), 'bearer');
    assert.equal(tokens.refresh_token, undefined, 'RFC 6749 §4.4.3');
  });
  await step('introspection', async () => {
    const found = await server.introspect(tokens.access_token);
    assert.equal(found.active, true);
    assert.equal(found.client_id, client.client_id);
    assert.equal(found.scope, client.scope);
  });
  await step('revocation', async () => {
    await library.revoke(tokens.access_token);
    assert.deepEqual(await server.introspect(tokens.access_token), { active: false }, 'and nothing else; RFC 7662 §2.2');
  });
}

/** This kind of turn is at once, so no library can know the key before. */
async function leak({ world, client, library, visitor }) {
  await library.discover();
  const address = await library.authorizationUrl({ prompt: 'consent' });
  const { url } = await visitor.open(address, { issuer: world.issuer, arrival: client.redirect_uris[0] });
  const first = await library.redeem(url);
  await library.userinfo(first.access_token, first.claims.sub);

  await rotate(world, '--retire-old');
  await library.aMinutePasses();
  await assert.rejects(library.userinfo(first.access_token, first.claims.sub), (error) => error.status === 401);
  const { access_token: fresh, claims } = await library.refresh(first.refresh_token);
  assert.equal(claims.sub, first.claims.sub, 'proved by the new key');
  await library.userinfo(fresh, claims.sub);
}
