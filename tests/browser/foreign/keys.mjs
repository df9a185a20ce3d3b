// The demo sheet shows the private keys of its applications as JWKs.
import { webcrypto } from 'node:crypto';

const ALGORITHMS = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  EdDSA: { name: 'Ed25519' },
  PS256: { name: 'RSA-PSS', hash: 'SHA-256' },
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
};

/** The client's first key, to sign assertions with. */
export async function signingKey(client) {
  const { use, key_ops: operations, alg = 'ES256', kid, ...jwk } = client.private_jwks.keys[0];
  return { key: await webcrypto.subtle.importKey('jwk', jwk, ALGORITHMS[alg], false, ['sign']), kid };
}
