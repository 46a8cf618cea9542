/**
 * What a player can do, as functions. `wire/` fills them in; panels and keys call them. A command that
 * cannot be sent says why in a toast and changes nothing.
 */
import type { JsonObject } from '../wire/orders.ts';
import type { Address } from './model.ts';

export interface ActWish {
  /** Key of the server to go to, if it is known. */
  readonly to?: string;
  /** The copy is to have a key of its own, drawn and kept here: its name. */
  readonly ownKeyOf?: string;
}

export interface Commands {
  enter(tag: string): Promise<void>;
  order(kind: 'approach' | 'orbit' | 'keep' | 'cruise' | 'stop'): void;
  dockOrUndock(): void;
  jump(to: Address): void;
  scan(): void;
  fire(module: number): void;
  /** Thrust forward and turn rates in −1…1; all zero lets go of the helm. */
  helm(thrust: number, yaw: number, pitch: number, roll: number): void;
  /** Positive buys, negative sells. */
  trade(good: number, units: number): void;
  buyShip(hull: number): void;
  buyModule(slot: number, module: number): void;
  /** Shows the tag, or flies as a ghost. */
  transponder(on: boolean): void;
  /** Positive banks, negative withdraws. */
  bank(amount: number): void;
  service(kind: 'clone' | 'refuel' | 'repair' | 'work' | 'debt'): void;
  say(channel: 'place' | 'crew' | 'whisper' | 'head', to: string, text: string): void;
  /** Asks a soul near to agree to an act. */
  ask(of: bigint, act: number): void;
  /** Agrees to an act of another (0: of the server's host), or takes that back. */
  consent(to: bigint, act: number, on: boolean): void;
  /** Rides in another's head; the own ship is sold. */
  board(host: bigint): void;
  /** Out of the host, into a new body, which one pays oneself, or the host if it has agreed. */
  leave(hostPays: boolean): void;
  /** An act on the own soul; what it needs is shown and signed with its key. Throws a Refusal with the server's sentences. */
  soulAct(act: string, fields: JsonObject, wish?: ActWish): Promise<Record<string, unknown>>;
  /** Takes back what was asked for and is not done yet. */
  takeBack(): Promise<void>;
  wake(): void;
  saveKey(): void;
  loadKey(file: File): Promise<void>;
  wantSystems(): void;
  retry(): void;
}

let bound: Commands | null = null;

export function bindCommands(commands: Commands): void {
  bound = commands;
}

export function commands(): Commands {
  if (!bound) throw new Error('no commands are bound yet');
  return bound;
}
