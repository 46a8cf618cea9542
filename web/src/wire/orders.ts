/**
 * Orders: what a soul wants done with itself, signed with its own key and posted to `/api/souls/…`. The bytes that are
 * signed are a prefix and the object in canonical form (RFC 8785) without its signatures; an order is good for a minute
 * and once. docs/border.md says what each act takes and answers.
 */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };
export type JsonObject = { readonly [key: string]: JsonValue };

const UNSIGNED = new Set(['soul_signature', 'other_signature', 'server_signature', 'mandate']);

/** RFC 8785 for what orders hold: strings, whole numbers, booleans, lists and objects; keys by their UTF-16 units. */
export function canonical(value: JsonValue): string {
  if (Array.isArray(value)) return `[${(value as readonly JsonValue[]).map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const object = value as JsonObject;
    return `{${Object.keys(object).sort().map((k) => `${JSON.stringify(k)}:${canonical(object[k]!)}`).join(',')}}`;
  }
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new RangeError('orders hold whole numbers only');
  return JSON.stringify(value);
}

export function hex(bytes: Uint8Array): string {
  return [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');
}

export function signedBytes(prefix: string, object: JsonObject): Uint8Array<ArrayBuffer> {
  const bare = Object.fromEntries(Object.entries(object).filter(([k]) => !UNSIGNED.has(k)));
  return new TextEncoder().encode(`${prefix}\n${canonical(bare)}`);
}

export interface Signer {
  readonly publicKey: Uint8Array<ArrayBuffer>;
  sign(message: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
}

/** An order, signed. `mandate` may be among the fields: it carries its own signature. */
export async function signOrder(act: string, soul: bigint, fields: JsonObject, signer: Signer, nowMs: number): Promise<JsonObject> {
  const order: JsonObject = {
    ...fields, act, issued: Math.floor(nowMs / 1000), key: hex(signer.publicKey), nonce: hex(crypto.getRandomValues(new Uint8Array(16))), soul: String(soul),
  };
  return { ...order, soul_signature: hex(await signer.sign(signedBytes('infinity-order-1', order))) };
}

/** What lets the server sign one departure for a soul that keeps its own key. @param to the server it goes to; zeros: a file */
export async function signMandate(of: { identity: string; epoch: number; server: string; to: string }, signer: Signer, nowMs: number): Promise<JsonObject> {
  const mandate: JsonObject = { act: 'departed', epoch: of.epoch, format: 'infinity-mandate-1', identity: of.identity, server: of.server, to: of.to, until: Math.floor(nowMs / 1000) + 600 };
  return { ...mandate, soul_signature: hex(await signer.sign(signedBytes('infinity-mandate-1', mandate))) };
}

/** The founding record of a soul that keeps its own key: its hash is the identity that it has for ever. */
export async function signFounding(of: { name: string; galaxy: string; server: string; tick: number }, signer: Signer): Promise<JsonObject> {
  const founding: JsonObject = { format: 'infinity-founding-1', galaxy: of.galaxy, key: hex(signer.publicKey), name: of.name, nonce: hex(crypto.getRandomValues(new Uint8Array(16))), tick: of.tick };
  const identity = hex(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(canonical(founding)))));
  const record: JsonObject = { act: 'founded', detail: { founding }, epoch: 1, galaxy: of.galaxy, identity, previous: [], server: of.server, tick: of.tick };
  return { ...record, soul_signature: hex(await signer.sign(signedBytes('infinity-lineage-1', record))) };
}

/** A refusal as the server words it. */
export class Refusal extends Error {
  constructor(reason: string, readonly help: string, readonly status: number) {
    super(reason);
  }
}

/** Posts JSON, or asks; a refusal is thrown with its sentences. */
export async function callServer(path: string, body?: JsonObject | string): Promise<Record<string, unknown>> {
  let answer: Response;
  try {
    answer = body === undefined ? await fetch(path) : await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: typeof body === 'string' ? body : JSON.stringify(body) });
  } catch {
    throw new Refusal('The server does not answer.', 'Nothing is known to have changed: look again when it is back.', 0);
  }
  let data: unknown;
  try {
    data = await answer.json();
  } catch {
    data = null;
  }
  const object = (typeof data === 'object' && data !== null ? data : {}) as Record<string, unknown>;
  if (answer.ok) return object;
  const said = (k: string) => (typeof object[k] === 'string' ? object[k] : '');
  throw new Refusal(said('reason') || said('error') || `The server refused it (${answer.status}).`, said('what_to_do'), answer.status);
}
