// Tokens of the attacks of RFC 8725 and of those seen since, each by name with what must become of it.
import { createHmac, createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import * as jose from 'jose';

const encode = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

export async function forge(issuer, keys) {
  const now = Math.floor(Date.now() / 1000);
  const [rsa, ec] = ['RSA', 'EC'].map((kty) => keys.find((key) => key.kty === kty));
  const own = await jose.importJWK(rsa, 'RS256');
  const curve = await jose.importJWK(ec, 'ES256');
  const strange = await jose.generateKeyPair('RS256', { extractable: true });
  const strangeJwk = await jose.exportJWK(strange.publicKey);
  const p384 = await jose.generateKeyPair('ES384', { extractable: true });
  const claims = { iss: issuer, aud: 'gateway', sub: 'mallory', iat: now, exp: now + 3600 };
  const sign = (payload, header = {}, key = own, alg = 'RS256') =>
    new jose.SignJWT(payload).setProtectedHeader({ alg, typ: 'JWT', kid: alg.startsWith('ES') ? ec.kid : rsa.kid, ...header }).sign(key);
  // What no library agrees to make: text signed as it stands.
  const raw = (header, payload) => {
    const text = `${encode(header)}.${encode(payload)}`;
    return `${text}.${createSign('RSA-SHA256').update(text).sign({ key: rsa, format: 'jwk' }).toString('base64url')}`;
  };
  const hmac = (secret, header = {}) => {
    const text = `${encode({ alg: 'HS256', typ: 'JWT', kid: rsa.kid, ...header })}.${encode(claims)}`;
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  };
  const pem = await jose.exportSPKI(await jose.importJWK({ kty: 'RSA', n: rsa.n, e: rsa.e }, 'RS256'));
  const strangeText = async (header) => sign(claims, header, strange.privateKey);
  const head = `"alg":"RS256","typ":"JWT","kid":"${rsa.kid}"`;
  const body = `"iss":"${issuer}","aud":"gateway","sub":"mallory"`;
  const forged = {
    // Good ones, so that a refusal of the others is not one of all.
    'good RS256': ['ok', await sign(claims)],
    'good ES256': ['ok', await sign(claims, {}, curve, 'ES256')],
    'good audience among others': ['ok', await sign({ ...claims, aud: ['other', 'gateway'] })],
    'good within leeway after its end': ['ok', await sign({ ...claims, exp: now - 30 })],
    'good within leeway before its beginning': ['ok', await sign({ ...claims, nbf: now + 30 })],
    'good handmade': ['ok', raw(`{${head}}`, `{${body},"exp":${now + 3600}}`)],

    'alg none': ['malformed', `${encode({ alg: 'none', typ: 'JWT' })}.${encode(claims)}.`],
    'alg none with a signature': ['algorithm', `${encode({ alg: 'none', typ: 'JWT', kid: rsa.kid })}.${encode(claims)}.${encode('x')}`],
    'alg nOnE': ['algorithm', `${encode({ alg: 'nOnE', kid: rsa.kid })}.${encode(claims)}.${encode('x')}`],
    'HS256 with the public key as PEM': ['algorithm', hmac(pem)],
    'HS256 with the public key as PEM, trimmed': ['algorithm', hmac(pem.trim())],
    'HS256 with the modulus': ['algorithm', hmac(Buffer.from(rsa.n, 'base64url'))],
    'HS256 with an empty secret': ['algorithm', hmac('')],
    'RS512 of the right key': ['algorithm', await sign(claims, {}, await jose.importJWK({ ...rsa, alg: 'RS512' }, 'RS512'), 'RS512')],
    'ES384 under the name of a P-256 key': ['algorithm', await sign(claims, {}, p384.privateKey, 'ES384')],
    'ES256 head over a P-384 signature': ['signature', (await sign(claims, {}, p384.privateKey, 'ES384')).replace(/^[^.]*/, encode({ alg: 'ES256', typ: 'JWT', kid: ec.kid }))],
    'ES256 under the name of an RSA key': ['unknown_key', await sign(claims, { kid: rsa.kid }, curve, 'ES256')],
    'ES256 signature of nought': ['signature', `${encode({ alg: 'ES256', kid: ec.kid })}.${encode(claims)}.${Buffer.alloc(64).toString('base64url')}`],
    'ES256 signature in DER': ['signature', (() => {
      const text = `${encode({ alg: 'ES256', kid: ec.kid })}.${encode(claims)}`;
      return `${text}.${createSign('SHA256').update(text).sign({ key: ec, format: 'jwk', dsaEncoding: 'der' }).toString('base64url')}`;
    })()],
    'key of a stranger': ['signature', await strangeText({})],
    'key of a stranger with a name of its own': ['unknown_key', await strangeText({ kid: randomUUID() })],
    'key of 1024 bits': ['signature', (() => {
      const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
      const text = `${encode({ alg: 'RS256', kid: rsa.kid })}.${encode(claims)}`;
      return `${text}.${createSign('RSA-SHA256').update(text).sign(weak.privateKey).toString('base64url')}`;
    })()],
    'kid with a path': ['unknown_key', await strangeText({ kid: '../../../../dev/null' })],
    'kid with SQL': ['unknown_key', await strangeText({ kid: "' UNION SELECT 'AAAA' -- " })],
    'kid with a command': ['unknown_key', await strangeText({ kid: '|/bin/sh -c id' })],
    'kid of 300 bytes': ['malformed', await strangeText({ kid: 'k'.repeat(300) })],
    'kid that is a number': ['malformed', raw('{"alg":"RS256","kid":7}', claims)],
    'jku': ['malformed', await strangeText({ jku: `${issuer}/jwks#` })],
    'x5u': ['malformed', await strangeText({ x5u: 'http://127.0.0.1:1/c.pem' })],
    'embedded jwk': ['malformed', await strangeText({ jwk: strangeJwk })],
    'embedded jwk, self-named': ['malformed', await strangeText({ jwk: strangeJwk, kid: rsa.kid })],
    'crit': ['malformed', raw(`{${head},"crit":["exp"]}`, claims)],
    'b64 false': ['malformed', raw(`{${head},"b64":false}`, claims)],
    'typ of a logout': ['malformed', await sign(claims, { typ: 'logout+jwt' })],

    'claim twice': ['malformed', raw(`{${head}}`, `{${body},"sub":"root","exp":${now + 3600}}`)],
    'claim twice, once escaped': ['malformed', raw(`{${head}}`, `{${body},"\\u0073ub":"root","exp":${now + 3600}}`)],
    'deep claim twice': ['malformed', raw(`{${head}}`, `{${body},"act":{"sub":"a","sub":"b"},"exp":${now + 3600}}`)],
    'alg twice': ['malformed', raw(`{${head},"alg":"none"}`, claims)],
    'text behind the claims': ['malformed', raw(`{${head}}`, `{${body},"exp":${now + 3600}} {}`)],
    'claims that are an array': ['malformed', raw(`{${head}}`, '[]')],
    'a hundred levels': ['malformed', raw(`{${head}}`, `{${body},"exp":${now + 3600},"x":${'['.repeat(100)}${']'.repeat(100)}}`)],
    'half a surrogate pair': ['malformed', raw(`{${head}}`, `{${body},"name":"\\ud800","exp":${now + 3600}}`)],
    'no end': ['malformed', raw(`{${head}}`, `{${body}}`)],
    'an end that is text': ['malformed', raw(`{${head}}`, `{${body},"exp":"${now + 3600}"}`)],
    'an end beyond all time': ['malformed', raw(`{${head}}`, `{${body},"exp":1e300}`)],
    'signature with padding': ['malformed', `${await sign(claims)}=`],
    'signature cut short': ['signature', (await sign(claims)).slice(0, -8)],
    'claims changed after signing': ['signature', (await sign(claims)).replace(/\.[^.]*\./, `.${encode({ ...claims, sub: 'root' })}.`)],
    'encrypted': ['malformed', await new jose.CompactEncrypt(Buffer.from(JSON.stringify(claims))).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' }).encrypt(Buffer.alloc(32))],
    'twenty kilobytes': ['malformed', await sign({ ...claims, text: 'x'.repeat(20_000) })],

    'expired': ['expired', await sign({ ...claims, exp: now - 90 })],
    'not yet valid': ['not_yet_valid', await sign({ ...claims, nbf: now + 120 })],
    'audience of another': ['audience', await sign({ ...claims, aud: 'other' })],
    'audiences of others': ['audience', await sign({ ...claims, aud: ['other', 'gateway2', 'Gateway', 'gateway/'] })],
    'no audience': ['audience', await sign({ ...claims, aud: undefined })],
    'another issuer': ['unknown_issuer', await sign({ ...claims, iss: 'https://accounts.example' })],
    'the issuer with a slash': ['unknown_issuer', await sign({ ...claims, iss: `${issuer}/` })],
    'the issuer in capitals': ['unknown_issuer', await sign({ ...claims, iss: issuer.toUpperCase() })],
    'issuers in a list': ['malformed', await sign({ ...claims, iss: [issuer] })],

    'nobody': ['claims', await sign({ ...claims, sub: undefined })],
    'group with a line break': ['claims', await sign({ ...claims, groups: ['ml', 'a\r\nadmins'] })],
    'group with an escape': ['claims', await sign({ ...claims, groups: ['\u001b[31mred'] })],
    'user with a zero': ['claims', await sign({ ...claims, sub: 'ann\u0000x' })],
    'user of 300 characters': ['claims', await sign({ ...claims, sub: 'u'.repeat(300) })],
  };
  const storm = [];
  for (let i = 0; i < 10000; i += 1) {
    storm.push(`${encode({ alg: 'RS256', kid: randomUUID() })}.${encode({ ...claims, jti: i })}.${encode('x'.repeat(256))}`);
  }
  return { cases: Object.entries(forged).map(([name, [result, token]]) => ({ name, result, token })), storm };
}
