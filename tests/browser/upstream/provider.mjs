// An upstream provider by an independent hand: npm's oidc-provider in the shape that its one argument says. Told
// by tests (tests/house/federation/upstream.rs, start.mjs) what the next person proves, by POST to /told.
import './node18.mjs';
import { createServer, globalAgent } from 'node:http';

// Standard output says one line, and is then read no more.
console.info = console.log = console.warn = () => {};

const shape = JSON.parse(process.argv[2]);

// The service under test has a clock of its own: this one is set by it.
const Real = Date;
const ahead = shape.now * 1000 - Real.now();
globalThis.Date = class extends Real {
  constructor(...parts) {
    if (parts.length > 0) super(...parts); else super(Real.now() + ahead);
  }

  static now() { return Real.now() + ahead; }
};

const { Provider } = await import('oidc-provider');
const { exportJWK, generateKeyPair } = await import('jose');

const issuer = `http://127.0.0.1:${shape.port}${shape.path}`;
const keys = [];
for (const alg of shape.algorithms) {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  keys.push({ ...(await exportJWK(privateKey)), kid: `${alg}-1`, alg, use: 'sig' });
}

// What the next person proves, and is.
let told = { account: 'somebody', acr: '0', amr: [], claims: {} };
// How often each address was asked, which is what a sign-in costs.
const asked = {};

const provider = new Provider(issuer, {
  clients: [shape.client],
  jwks: { keys },
  scopes: ['openid', 'profile', ...shape.scopes],
  claims: { openid: ['sub', 'acr', 'amr', 'auth_time', ...shape.claims], profile: ['given_name', 'family_name'] },
  acrValues: shape.acr_values,
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  clockTolerance: 5,
  enabledJWA: {
    idTokenEncryptionAlgValues: ['RSA-OAEP-256'],
    idTokenEncryptionEncValues: ['A128CBC-HS256', 'A256GCM'],
    userinfoEncryptionAlgValues: ['RSA-OAEP-256'],
    userinfoEncryptionEncValues: ['A128CBC-HS256', 'A256GCM'],
    clientAuthSigningAlgValues: ['RS256', 'ES256'],
    requestObjectSigningAlgValues: ['RS256', 'ES256'],
    idTokenSigningAlgValues: ['RS256', 'ES256'],
    userinfoSigningAlgValues: ['RS256', 'ES256'],
  },
  features: {
    devInteractions: { enabled: false },
    encryption: { enabled: true },
    jwtUserinfo: { enabled: true },
    claimsParameter: { enabled: true },
    requestObjects: { enabled: true, requireSignedRequestObject: shape.signed_requests },
    pushedAuthorizationRequests: { enabled: shape.par, requirePushedAuthorizationRequests: shape.par },
  },
  // Its own fetch would refuse an address of this machine.
  fetch: (url, options = {}) => { delete options.dispatcher; return globalThis.fetch(url, options); },
  interactions: { url: (_, interaction) => `${shape.path}/person/${interaction.uid}` },
  async findAccount(_, id) {
    return { accountId: id, claims: () => ({ sub: id, acr: told.acr, amr: told.amr, given_name: 'Zoë', ...told.claims }) };
  },
  async loadExistingGrant(ctx) {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope([...ctx.oidc.requestParamScopes].join(' '));
    grant.addOIDCClaims([...ctx.oidc.requestParamClaims]);
    await grant.save();
    return grant;
  },
});
provider.proxy = true;
for (const event of ['server_error', 'authorization.error', 'grant.error', 'pushed_authorization_request.error', 'userinfo.error', 'interaction.ended']) {
  provider.on(event, (...seen) => { const error = seen.find((one) => one instanceof Error); if (error) console.error(event, error.message, error.error_description ?? '', error.error_detail ?? ''); });
}
const answer = provider.callback();

const server = createServer(async (request, response) => {
  const url = new URL(request.url, issuer);
  if (url.pathname === '/told') {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    if (text) told = { ...told, ...JSON.parse(text) };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(asked));
    for (const name of Object.keys(asked)) delete asked[name];
    return;
  }
  if (!url.pathname.startsWith(shape.path)) { response.writeHead(404).end(); return; }
  const inside = url.pathname.slice(shape.path.length);
  asked[inside] = (asked[inside] ?? 0) + 1;
  // itsme answers nobody who does not say for which service.
  if (shape.demands_scope && inside === '/auth' && !(url.searchParams.get('scope') ?? '').split(' ').includes(shape.demands_scope)) {
    response.writeHead(400).end('a service is demanded');
    return;
  }
  request.originalUrl = request.url;
  request.url = request.url.slice(shape.path.length) || '/';
  if (inside.startsWith('/person/')) {
    // Where browsers are led here, somebody is asked first.
    if (shape.asks && request.method === 'GET') {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(`<!DOCTYPE html><html lang="en"><title>${shape.asks}</title><main><h1>${shape.asks}</h1>
        <form method="post"><button>Yes, it is me</button></form></main></html>`);
      return;
    }
    try {
      // The person says yes, with whatever is told; or no.
      const result = told.declines
        ? { error: 'access_denied', error_description: 'the person said no' }
        : { login: { accountId: told.account, acr: told.acr, amr: told.amr, remember: true } };
      await provider.interactionDetails(request, response);
      await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
    } catch (error) {
      console.error(error);
      response.writeHead(500).end(String(error));
    }
    return;
  }
  answer(request, response);
});
globalAgent.keepAlive = false;
// Whoever asks again on the same connection must not meet its end.
server.keepAliveTimeout = 60_000;
server.listen(shape.port, '127.0.0.1', () => { process.stdout.write('ready\n'); });
