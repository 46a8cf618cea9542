/**
 * JSON in the one form that is signed (RFC 8785), who signs, and questions to the server by HTTP with its refusals in its own
 * words.
 */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };
export type JsonObject = { readonly [key: string]: JsonValue };

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

export interface Signer {
  readonly publicKey: Uint8Array<ArrayBuffer>;
  sign(message: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
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
