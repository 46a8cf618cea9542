/** What a client signs to prove its key (server/signin.h says the same). */
import type { FrameChallenge } from './tables.ts';

const DOMAIN = new TextEncoder().encode('infinity sign-in v1');

/** The bytes that prove the key: domain, galaxy, origin, nonce, expiry, without separators. */
export function challengeBytes(c: Pick<FrameChallenge, 'galaxy' | 'nonce' | 'expires_unix_s'>, origin: string): Uint8Array<ArrayBuffer> {
  const where = new TextEncoder().encode(origin);
  const out = new Uint8Array(DOMAIN.length + 16 + where.length + 32 + 8);
  let at = 0;
  for (const part of [DOMAIN, c.galaxy, where, c.nonce]) {
    out.set(part, at);
    at += part.length;
  }
  new DataView(out.buffer).setBigUint64(at, c.expires_unix_s, true);
  return out;
}
