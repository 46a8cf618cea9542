/**
 * The player's key: Ed25519 by WebCrypto, kept in IndexedDB, saved to and read from a recovery file. The
 * file holds the private key as JWK: whoever has it is that player.
 */
import { fileName } from '../util/save.ts';

export interface Identity {
  /** Empty for the key of a mind or a copy: it signs in as whom it is, and never as somebody new. */
  readonly tag: string;
  /** What it is called where there is no tag. */
  readonly name: string;
  readonly publicKey: Uint8Array<ArrayBuffer>;
  sign(message: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
  recovery(): string;
}

interface Stored {
  readonly tag: string;
  readonly name?: string;
  readonly jwk: JsonWebKey;
}

const ALGORITHM = { name: 'Ed25519' } as const;
const NO_ED25519 = 'This browser cannot make Ed25519 keys. Use Firefox 129, Chromium 137, Safari 17 or newer, over https or on this machine.';

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(binary, (c) => c.charCodeAt(0));
}

/** Checks form, then makes an identity of a stored key. */
export async function openIdentity(stored: unknown): Promise<Identity> {
  const s = stored as Partial<Stored> | null;
  if (!s || typeof s.tag !== 'string' || !s.jwk || s.jwk.kty !== 'OKP' || s.jwk.crv !== 'Ed25519' || typeof s.jwk.x !== 'string' || typeof s.jwk.d !== 'string') {
    throw new Error('That is no recovery file of Infinity.');
  }
  if (!globalThis.crypto?.subtle) throw new Error(NO_ED25519);
  const { tag } = s, name = typeof s.name === 'string' ? s.name : tag, jwk: JsonWebKey = { kty: 'OKP', crv: 'Ed25519', x: s.jwk.x, d: s.jwk.d };
  let key: CryptoKey;
  try {
    key = await crypto.subtle.importKey('jwk', { ...jwk, ext: true, key_ops: ['sign'] }, ALGORITHM, false, ['sign']);
  } catch {
    throw new Error('The key in that file is damaged, or this browser does not know Ed25519.');
  }
  return {
    tag, name, publicKey: fromBase64Url(s.jwk.x),
    sign: async (message) => new Uint8Array(await crypto.subtle.sign(ALGORITHM, key, message)),
    recovery: () => JSON.stringify({ what: 'Infinity recovery file: whoever has this is this player', tag, name, jwk }, null, 2),
  };
}

export async function makeIdentity(tag: string): Promise<Identity> {
  if (!globalThis.crypto?.subtle) throw new Error(NO_ED25519);
  let pair: CryptoKeyPair;
  try {
    pair = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']) as CryptoKeyPair;
  } catch {
    throw new Error(NO_ED25519);
  }
  return openIdentity({ tag, jwk: await crypto.subtle.exportKey('jwk', pair.privateKey) });
}

const DATABASE = 'infinity', STORE = 'identity';

function database(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const ask = indexedDB.open(DATABASE, 1);
    ask.onupgradeneeded = () => ask.result.createObjectStore(STORE);
    ask.onsuccess = () => resolve(ask.result);
    ask.onerror = () => reject(new Error('This browser keeps no data (private window?): save a recovery file.'));
  });
}

/** One identity per galaxy that this browser has met: its id is the key of the record. */
export async function keep(galaxy: string, identity: Identity): Promise<void> {
  const db = await database();
  await new Promise<void>((resolve, reject) => {
    const t = db.transaction(STORE, 'readwrite');
    t.objectStore(STORE).put(identity.recovery(), galaxy);
    t.oncomplete = () => resolve();
    t.onerror = () => reject(new Error('The key could not be kept: save a recovery file.'));
  });
  db.close();
}

export async function recall(galaxy: string): Promise<Identity | null> {
  try {
    const db = await database();
    const text = await new Promise<unknown>((resolve, reject) => {
      const ask = db.transaction(STORE).objectStore(STORE).get(galaxy);
      ask.onsuccess = () => resolve(ask.result);
      ask.onerror = () => reject(ask.error ?? new Error('cannot read'));
    });
    db.close();
    return typeof text === 'string' ? await openIdentity(JSON.parse(text)) : null;
  } catch {
    return null; // no store, or nothing readable in it: the player starts anew or uses the recovery file
  }
}

/** A key for a copy: it has no tag, so that it signs in as the copy and not as a new player. */
export async function makeBranchKey(name: string): Promise<Identity> {
  return named(await makeIdentity(''), name);
}

/** The same key, called so from now on. */
export async function named(identity: Identity, name: string): Promise<Identity> {
  return openIdentity({ ...JSON.parse(identity.recovery()) as object, name });
}

const branchKey = (galaxy: string, i: Identity): string => `${galaxy}/branch/${[...i.publicKey].map((b) => b.toString(16).padStart(2, '0')).join('')}`;

/** Kept beside the one in use: a copy's before anything is signed, so that none lives without its key; another's before it is put aside. */
export async function keepBranch(galaxy: string, identity: Identity): Promise<void> {
  await keep(branchKey(galaxy, identity), identity);
}

/** The keys of all copies that this browser has made in that galaxy, and of those who played here before. */
export async function recallBranches(galaxy: string): Promise<Identity[]> {
  try {
    const db = await database();
    const texts = await new Promise<unknown[]>((resolve, reject) => {
      const ask = db.transaction(STORE).objectStore(STORE).getAll(IDBKeyRange.bound(`${galaxy}/branch/`, `${galaxy}/branch/\uffff`));
      ask.onsuccess = () => resolve(ask.result as unknown[]);
      ask.onerror = () => reject(ask.error ?? new Error('cannot read'));
    });
    db.close();
    return await Promise.all(texts.filter((t): t is string => typeof t === 'string').map((t) => openIdentity(JSON.parse(t))));
  } catch {
    return [];
  }
}

export function download(identity: Identity, name = identity.name): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([identity.recovery()], { type: 'application/json' }));
  link.download = `infinity-${fileName(name)}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
