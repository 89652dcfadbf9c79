// A real OpenID provider (oidc-provider) on loopback, with what goes wrong with one; and tokens that it would never issue, made by jose.
import { createServer } from 'node:http';
import * as jose from 'jose';
import { Provider } from 'oidc-provider';
import { Listener, serveCommands } from './control.mjs';
import { forge } from './forge.mjs';

const client = { client_id: 'gateway-tests', client_secret: 'not-a-secret' };
const fetched = { discovery: 0, keys: 0 };
let wrong; // What the discovery document says instead.
let slow = 0; // Milliseconds before an answer.
let keys; // Those that are published; the first of each type signs.
let provider;

async function newKey(alg) {
  const { privateKey } = await jose.generateKeyPair(alg, { extractable: true });
  const jwk = await jose.exportJWK(privateKey);
  return { ...jwk, alg, use: 'sig', kid: await jose.calculateJwkThumbprint(jwk) };
}

const listener = new Listener(() => createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  const discovery = pathname === '/.well-known/openid-configuration';
  fetched.discovery += discovery ? 1 : 0;
  fetched.keys += pathname === '/jwks' ? 1 : 0;
  if (slow > 0) {
    await new Promise((resolve) => { setTimeout(resolve, slow); });
  }
  if (discovery && wrong) {
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ issuer: provider.issuer, jwks_uri: `${provider.issuer}/jwks`, ...wrong }));
  } else {
    provider.callback()(request, response);
  }
}));

const resource = { scope: 'api', audience: 'gateway', accessTokenFormat: 'jwt', accessTokenTTL: 3600 };

function newProvider(issuer) {
  provider = new Provider(issuer, {
    jwks: { keys },
    clients: [{ ...client, grant_types: ['client_credentials', 'urn:edgegw:login'], redirect_uris: [], response_types: [], token_endpoint_auth_method: 'client_secret_post' }],
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: { enabled: true, defaultResource: () => 'urn:gateway', getResourceServerInfo: () => resource, useGrantedResource: () => true },
    },
    // What a directory would add. The login's parameters say who.
    extraTokenClaims: (ctx) => JSON.parse(ctx.oidc.params.claims ?? '{}'),
  });
  // A login without a browser.
  provider.registerGrantType('urn:edgegw:login', async (ctx) => {
    const token = new provider.AccessToken({ accountId: ctx.oidc.params.user, client: ctx.oidc.client, grantId: 'g', gty: 'login', scope: 'api' });
    token.resourceServer = new provider.ResourceServer('urn:gateway', { ...resource, jwt: { sign: { alg: ctx.oidc.params.alg ?? 'RS256' } } });
    ctx.oidc.entity('AccessToken', token);
    ctx.body = { access_token: await token.save(), token_type: 'Bearer', expires_in: token.expiration };
  }, ['user', 'claims', 'alg']);
}

async function ask(parameters) {
  const answer = await fetch(`${provider.issuer}/token`, { method: 'POST', body: new URLSearchParams({ ...client, ...parameters }) });
  const body = await answer.json();
  return body.access_token ?? Promise.reject(new Error(JSON.stringify(body)));
}

const login = ({ user, claims = {}, alg = 'RS256' }) => ask({ grant_type: 'urn:edgegw:login', user, claims: JSON.stringify(claims), alg });

serveCommands({
  async start() {
    keys ??= [await newKey('RS256'), await newKey('ES256')];
    const issuer = await listener.start();
    newProvider(issuer);
    return { issuer };
  },
  async stop() {
    await listener.stop();
  },
  /** New keys sign; the old ones stay published, or do not. */
  async rotate({ keep }) {
    const fresh = [await newKey('RS256'), await newKey('ES256')];
    keys = keep ? [...fresh, ...keys] : fresh;
    newProvider(provider.issuer);
  },
  async slow({ milliseconds }) {
    slow = milliseconds;
  },
  async lie({ metadata }) {
    wrong = metadata;
  },
  async fetches() {
    return { ...fetched };
  },
  async login(wish) {
    return { token: await login(wish) };
  },
  async logins({ wishes }) {
    const tokens = [];
    for (const wish of wishes) {
      tokens.push(await login(wish));
    }
    return { tokens };
  },
  async client() {
    return { token: await ask({ grant_type: 'client_credentials' }) };
  },
  async forge() {
    return { forged: await forge(provider.issuer, keys) };
  },
});
