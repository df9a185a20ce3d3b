// Debian 12 has Node 18, which lacks three things that oidc-provider takes for granted.
import crypto, { webcrypto } from 'node:crypto';
import { register } from 'node:module';

globalThis.crypto ??= webcrypto;
URL.parse ??= (...parts) => { try { return new URL(...parts); } catch { return null; } };

// Names of a built-in module are fixed at its first import: so another one stands in its place.
if (!crypto.hash) {
  const names = Object.keys(crypto).filter((name) => name !== 'default' && /^[\w$]+$/.test(name));
  const text = `import crypto from 'node:crypto';
    export const { ${names.join(', ')} } = crypto;
    export const hash = ${hash};
    export default { ...crypto, hash };`;
  const inPlace = `data:text/javascript,${encodeURIComponent(text)}`;
  register(`data:text/javascript,${encodeURIComponent(`
    export const resolve = (name, context, next) => (name === 'node:crypto' && context.parentURL?.includes('/oidc-provider/')
      ? { url: ${JSON.stringify(inPlace)}, shortCircuit: true } : next(name, context));`)}`);
}

function hash(algorithm, data, encoding = 'hex') {
  return crypto.createHash(algorithm).update(data).digest(encoding);
}
