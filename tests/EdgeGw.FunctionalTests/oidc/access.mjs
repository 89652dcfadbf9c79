// Cloudflare Access as its documentation has it: a team's certs with the current and the previous key, get-identity for the bearer of a token, people's tokens
// and service tokens. https://developers.cloudflare.com/cloudflare-one/identity/authorization-cookie/
import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import * as jose from 'jose';
import { Listener, serveCommands } from './control.mjs';

const aud = randomBytes(32).toString('hex');
const people = new Map(); // user_uuid -> groups
const asked = { certs: 0, identity: 0 };
let team;
let keys = [];
let down = false; // get-identity fails

async function newKey() {
  const { privateKey, publicKey } = await jose.generateKeyPair('RS256', { extractable: true });
  const kid = randomBytes(32).toString('hex');
  return { kid, privateKey, publicKey, jwk: { kid, kty: 'RSA', alg: 'RS256', use: 'sig', ...(await jose.exportJWK(publicKey)) } };
}

async function answer(request, response) {
  const { pathname } = new URL(request.url, 'http://localhost');
  const json = (status, body) => response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  if (pathname === '/cdn-cgi/access/certs') {
    asked.certs += 1;
    const certs = keys.map(({ kid }) => ({ kid, cert: '-----BEGIN CERTIFICATE-----\n' }));
    return json(200, { keys: keys.map(({ jwk }) => jwk), public_cert: certs[0], public_certs: certs });
  }
  if (pathname === '/cdn-cgi/access/get-identity') {
    asked.identity += 1;
    const token = /(?:^|; )CF_Authorization=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
    if (down || !token) {
      return json(down ? 500 : 400, { err: 'no app token set' });
    }
    const key = keys.find(({ kid }) => kid === jose.decodeProtectedHeader(token).kid);
    const { payload } = await jose.jwtVerify(token, key.publicKey, { issuer: team, audience: aud });
    return json(200, {
      id: '1164449231815010287495', name: payload.email, email: payload.email, user_uuid: payload.sub, account_id: 'a', ip: '127.0.0.1',
      auth_status: 'NONE', common_name: '', service_token_id: '', service_token_status: false, is_warp: false, is_gateway: false, version: 0,
      idp: { id: randomUUID(), type: 'azureAD' }, groups: people.get(payload.sub) ?? [], geo: { country: 'DE' }, iat: payload.iat,
    });
  }
  return json(404, {});
}

const sign = (claims, key = keys[0]) => new jose.SignJWT({ type: 'app', aud: [aud], iss: team, ...claims })
  .setProtectedHeader({ alg: 'RS256', kid: key.kid, typ: 'JWT' }).setIssuedAt().setExpirationTime('1h').sign(key.privateKey);

const listener = new Listener(() => createServer(answer));

serveCommands({
  async start() {
    keys = [await newKey(), await newKey()];
    team = await listener.start();
    return { issuer: team, aud };
  },
  /** Every six weeks: the new key signs, the one before it stays for a week. */
  async rotate() {
    keys = [await newKey(), keys[0]];
  },
  async person({ email, groups, previous = false }) {
    const sub = randomUUID();
    people.set(sub, groups);
    return { token: await sign({ email, sub, country: 'DE', nbf: Math.floor(Date.now() / 1000), identity_nonce: randomBytes(8).toString('hex') }, keys[previous ? 1 : 0]) };
  },
  async service({ commonName }) {
    return { token: await sign({ common_name: commonName, sub: '' }) };
  },
  /** What the browser holds for the team's own pages: of another type, and no token to call with. */
  async organization({ email }) {
    return { token: await sign({ email, sub: randomUUID(), type: 'org' }) };
  },
  async identityDown({ value }) {
    down = value;
  },
  async fetches() {
    return { ...asked };
  },
});
