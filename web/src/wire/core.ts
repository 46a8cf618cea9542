/**
 * The core as WebAssembly: frames, inputs and events by its codec, the ships around, the galaxy. The page
 * holds no rule and no second codec: structs are read from the module's memory by the generated layouts.
 */
import type { Address, Body, BodyKind, Law, PlanetLook, Rock, SystemPoint, Vec3 } from '../state/model.ts';
import {
  EVENTS, FRAMES, INPUTS, LAW_WORDS, PLACE_WORDS, PLANET_WORDS, SAMPLE_FLOATS, type EventTypes, type FrameTypes, type InputTypes, type Layout,
} from './tables.ts';

interface Exports {
  readonly memory: WebAssembly.Memory;
  inf_page_bytes_in(): number;
  inf_page_bytes_in_max(): number;
  inf_page_bytes_out(): number;
  inf_page_frame(): number;
  inf_page_input(): number;
  inf_page_event(): number;
  inf_page_frame_read(count: number): number;
  inf_page_frame_write(kind: number): number;
  inf_page_input_write(kind: number): number;
  inf_page_events_begin(): void;
  inf_page_event_next(): number;
  inf_page_samples(): number;
  inf_page_viewer_reset(): void;
  inf_page_viewer_tick(): number;
  inf_page_viewer_apply(): number;
  inf_page_viewer_sample(alpha: number): number;
  inf_page_galaxy_open(seed: bigint, version: number): void;
  inf_page_galaxy_known(version: number): number;
  inf_page_system_open(x: number, y: number, z: number, index: number): number;
  inf_page_body_count(): number;
  inf_page_bodies(): number;
  inf_page_body_name(body: number): number;
  inf_page_body_position(body: number, tick: number): number;
  inf_page_systems(): number;
  inf_page_system_bytes(): number;
  inf_page_systems_around(x: number, y: number, z: number, reach: number): number;
  inf_page_cloud(): number;
  inf_page_cloud_around(x: number, y: number, half: number, step: number): number;
  inf_page_belt_rocks(x: number, y: number, z: number, index: number, body: number): number;
  inf_page_rocks(): number;
  inf_page_frame_bytes(kind: number): number;
  inf_page_event_bytes(kind: number): number;
  inf_page_input_bytes(kind: number): number;
}

/** Offsets in the core's structs that the page reads directly (asserted in tests against the core). */
const BODY = { bytes: 72, radiusKm: 28, kind: 52, planetClass: 53, profile: 54, rings: 57 };
const SYSTEM = { at: 16, kelvin: 28, law: 32, stations: 33, name: 36 };

export type Frame = { [K in keyof FrameTypes]: { readonly kind: K; readonly data: FrameTypes[K] } }[keyof FrameTypes];
export type WireEvent = { [K in keyof EventTypes]: { readonly kind: K; readonly data: EventTypes[K] } }[keyof EventTypes];

const decoder = new TextDecoder('utf-8');
const encoder = new TextEncoder();

export class Core {
  private readonly frameNames = new Map<number, Layout>(Object.values(FRAMES).map((l) => [l.number, l]));
  private readonly eventNames = new Map<number, Layout>(Object.values(EVENTS).map((l) => [l.number, l]));

  private constructor(private readonly e: Exports) {
    const check = (group: string, layouts: Iterable<Layout>, bytes: (kind: number) => number) => {
      for (const l of layouts) if (bytes(l.number) !== l.bytes) throw new Error(`The page and its core do not match (${group} ${l.name}). Load the page again.`);
    };
    check('frame', Object.values(FRAMES), (k) => e.inf_page_frame_bytes(k));
    check('event', Object.values(EVENTS), (k) => e.inf_page_event_bytes(k));
    check('input', Object.values(INPUTS), (k) => e.inf_page_input_bytes(k));
  }

  /** Compiles the module from its bytes. */
  static async from(bytes: BufferSource): Promise<Core> {
    const made = await WebAssembly.instantiate(bytes, {});
    return new Core(made.instance.exports as unknown as Exports);
  }

  static async fetch(url: string): Promise<Core> {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`The core could not be loaded (${answer.status}). Load the page again.`);
    return Core.from(await answer.arrayBuffer());
  }

  private view(): DataView {
    return new DataView(this.e.memory.buffer);
  }

  private read(layout: Layout, at: number): Record<string, unknown> {
    const v = this.view();
    const out: Record<string, unknown> = {};
    for (const [name, type, offset, count] of layout.fields) {
      const p = at + offset;
      if (type === 'text') {
        const bytes = new Uint8Array(v.buffer, p, count);
        const end = bytes.indexOf(0);
        out[name] = decoder.decode(bytes.subarray(0, end < 0 ? count : end));
      } else if (type === 'bytes') {
        out[name] = new Uint8Array(v.buffer, p + 2, v.getUint16(p, true)).slice();
      } else if (count === 1) {
        out[name] = number(v, type, p);
      } else {
        out[name] = Array.from({ length: count }, (_, i) => number(v, type, p + i * SIZES[type]));
      }
    }
    return out;
  }

  private write(layout: Layout, at: number, data: Readonly<Record<string, unknown>>): void {
    const v = this.view();
    new Uint8Array(v.buffer, at, layout.bytes).fill(0);
    for (const [name, type, offset, count] of layout.fields) {
      const value = data[name];
      if (value === undefined) continue;
      const p = at + offset;
      if (type === 'text') {
        const bytes = encoder.encode(value as string);
        if (bytes.length >= count) throw new RangeError(`${name} is too long: ${bytes.length} bytes, ${count - 1} at most`);
        new Uint8Array(v.buffer, p, count).set(bytes);
      } else if (type === 'bytes') {
        const bytes = value as Uint8Array;
        if (bytes.length > count) throw new RangeError(`${name} is too long`);
        v.setUint16(p, bytes.length, true);
        new Uint8Array(v.buffer, p + 2, bytes.length).set(bytes);
      } else if (count === 1) {
        put(v, type, p, value as number | bigint);
      } else {
        const list = value as ArrayLike<number | bigint>;
        for (let i = 0; i < Math.min(count, list.length); i++) put(v, type, p + i * SIZES[type], list[i]!);
      }
    }
  }

  /** Decodes a message; undefined if it is of no known kind or malformed. */
  decode(message: Uint8Array): Frame | undefined {
    const layout = this.frameNames.get(message[0] ?? 0);
    if (!layout || message.length > this.e.inf_page_bytes_in_max()) return undefined;
    new Uint8Array(this.e.memory.buffer, this.e.inf_page_bytes_in(), message.length).set(message);
    if (this.e.inf_page_frame_read(message.length) !== 0) return undefined;
    return { kind: layout.name, data: this.read(layout, this.e.inf_page_frame()) } as unknown as Frame;
  }

  encodeFrame<K extends keyof FrameTypes>(kind: K, data: Partial<FrameTypes[K]>): Uint8Array<ArrayBuffer> {
    const layout = FRAMES[kind];
    this.write(layout, this.e.inf_page_frame(), data as Record<string, unknown>);
    return this.out(this.e.inf_page_frame_write(layout.number), kind);
  }

  encodeInput<K extends keyof InputTypes>(kind: K, data: Partial<InputTypes[K]>): Uint8Array<ArrayBuffer> {
    const layout = INPUTS[kind];
    this.write(layout, this.e.inf_page_input(), data as Record<string, unknown>);
    return this.out(this.e.inf_page_input_write(layout.number), kind);
  }

  private out(count: number, what: string): Uint8Array<ArrayBuffer> {
    if (count === 0) throw new Error(`${what} cannot be encoded`);
    return new Uint8Array(this.e.memory.buffer, this.e.inf_page_bytes_out(), count).slice() as Uint8Array<ArrayBuffer>;
  }

  /** The events of the Events frame that was decoded last. */
  events(): WireEvent[] {
    const out: WireEvent[] = [];
    this.e.inf_page_events_begin();
    for (let kind = this.e.inf_page_event_next(); kind !== 0; kind = this.e.inf_page_event_next()) {
      const layout = this.eventNames.get(kind);
      if (layout) out.push({ kind: layout.name, data: this.read(layout, this.e.inf_page_event()) } as unknown as WireEvent);
    }
    return out;
  }

  /** Takes in the Snapshot frame that was decoded last. 0: done; else why not. */
  applySnapshot(): number {
    return this.e.inf_page_viewer_apply();
  }

  get snapshotTick(): number {
    return this.e.inf_page_viewer_tick();
  }

  forgetShips(): void {
    this.e.inf_page_viewer_reset();
  }

  /** Ships at `alpha` around the newest snapshot (0 a tick before it), SAMPLE_FLOATS each; valid until the next call. */
  sample(alpha: number): Float32Array {
    const count = this.e.inf_page_viewer_sample(alpha);
    return new Float32Array(this.e.memory.buffer, this.e.inf_page_samples(), count * SAMPLE_FLOATS);
  }

  openGalaxy(seed: bigint, version: number): void {
    if (!this.e.inf_page_galaxy_known(version)) throw new Error('This galaxy is of another generation than the page. Load the page again.');
    this.e.inf_page_galaxy_open(seed, version);
  }

  private text(at: number): string {
    const bytes = new Uint8Array(this.e.memory.buffer, at, 96);
    return decoder.decode(bytes.subarray(0, bytes.indexOf(0)));
  }

  private point(at: number): SystemPoint {
    const v = this.view();
    return {
      address: { x: v.getInt32(at, true), y: v.getInt32(at + 4, true), z: v.getInt32(at + 8, true), index: v.getUint32(at + 12, true) },
      at: [v.getFloat32(at + SYSTEM.at, true), v.getFloat32(at + SYSTEM.at + 4, true), v.getFloat32(at + SYSTEM.at + 8, true)],
      kelvin: v.getUint32(at + SYSTEM.kelvin, true), law: LAW_WORDS[v.getUint8(at + SYSTEM.law)] as Law, stations: v.getUint8(at + SYSTEM.stations),
      name: this.text(at + SYSTEM.name),
    };
  }

  /** A system and its bodies where they are at a tick, or nothing if there is none. */
  system(address: Address, tick: number): { readonly point: SystemPoint; readonly bodies: Body[] } | undefined {
    const e = this.e;
    if (!e.inf_page_system_open(address.x, address.y, address.z, address.index)) return undefined;
    const point = this.point(e.inf_page_systems());
    const bodies: Body[] = [];
    for (let i = 0; i < e.inf_page_body_count(); i++) {
      const at = this.bodyAt(i, tick);
      const name = this.text(e.inf_page_body_name(i));
      const v = this.view(), p = e.inf_page_bodies() + i * BODY.bytes;
      const kind = PLACE_WORDS[v.getUint8(p + BODY.kind)] as BodyKind;
      bodies.push({
        place: i, kind, name, at, radius: v.getUint32(p + BODY.radiusKm, true) * 1000, look: lookOf(v.getUint8(p + BODY.planetClass)),
        rings: v.getUint8(p + BODY.rings) !== 0, seed: (address.x * 73856093) ^ (address.y * 19349663) ^ (address.z * 83492791) ^ (address.index * 2654435 + i * 7919),
      });
    }
    return { point, bodies };
  }

  /** Metres from the star, for the system opened last. */
  bodyAt(body: number, tick: number): Vec3 {
    const p = this.e.inf_page_body_position(body, tick), v = this.view();
    return [v.getFloat64(p, true) * 1000, v.getFloat64(p + 8, true) * 1000, v.getFloat64(p + 16, true) * 1000];
  }

  /** The rocks of a belt's place. */
  rocks(address: Address, body: number): Rock[] {
    const count = this.e.inf_page_belt_rocks(address.x, address.y, address.z, address.index, body);
    const f = new Float32Array(this.e.memory.buffer, this.e.inf_page_rocks(), count * 4);
    return Array.from({ length: count }, (_, i) => ({ at: [f[i * 4]!, f[i * 4 + 1]!, f[i * 4 + 2]!] as Vec3, radius: f[i * 4 + 3]! }));
  }

  systemsAround(address: Address, reach: number): SystemPoint[] {
    const count = this.e.inf_page_systems_around(address.x, address.y, address.z, reach);
    const step = this.e.inf_page_system_bytes(), base = this.e.inf_page_systems();
    return Array.from({ length: count }, (_, i) => this.point(base + i * step));
  }

  cloudAround(address: Address, half: number, step: number): Float32Array {
    const count = this.e.inf_page_cloud_around(address.x, address.y, half, step);
    return new Float32Array(this.e.memory.buffer, this.e.inf_page_cloud(), count * 4).slice();
  }
}

function lookOf(planetClass: number): PlanetLook {
  const word = PLANET_WORDS[planetClass] ?? '';
  return word.startsWith('gas') ? 'gas' : word === 'desert' || word === 'ocean' || word === 'ice' ? word : 'rock';
}

const SIZES = { u8: 1, i8: 1, u16: 2, i16: 2, u32: 4, i32: 4, f32: 4, u64: 8, i64: 8 } as const;
type NumberType = keyof typeof SIZES;

function number(v: DataView, type: NumberType, p: number): number | bigint {
  switch (type) {
    case 'u8': return v.getUint8(p);
    case 'i8': return v.getInt8(p);
    case 'u16': return v.getUint16(p, true);
    case 'i16': return v.getInt16(p, true);
    case 'u32': return v.getUint32(p, true);
    case 'i32': return v.getInt32(p, true);
    case 'f32': return v.getFloat32(p, true);
    case 'u64': return v.getBigUint64(p, true);
    case 'i64': return v.getBigInt64(p, true);
  }
}

function put(v: DataView, type: NumberType, p: number, value: number | bigint): void {
  switch (type) {
    case 'u8': v.setUint8(p, Number(value)); break;
    case 'i8': v.setInt8(p, Number(value)); break;
    case 'u16': v.setUint16(p, Number(value), true); break;
    case 'i16': v.setInt16(p, Number(value), true); break;
    case 'u32': v.setUint32(p, Number(value), true); break;
    case 'i32': v.setInt32(p, Number(value), true); break;
    case 'f32': v.setFloat32(p, Number(value), true); break;
    case 'u64': v.setBigUint64(p, BigInt(value), true); break;
    case 'i64': v.setBigInt64(p, BigInt(value), true); break;
  }
}
