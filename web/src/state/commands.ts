/**
 * What a player can do, as functions. `wire/` fills them in; panels and keys call them. A command that
 * cannot be sent says why in a toast and changes nothing.
 */
import type { Address } from './model.ts';

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
  say(channel: 'place' | 'crew' | 'whisper', to: string, text: string): void;
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
