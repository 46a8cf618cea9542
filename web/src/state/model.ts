/**
 * What the client knows, as plain data. Written by `wire/`, read by `view/` and `panels/`; nothing here
 * decides a rule. Distances in metres of the place, times in ticks of 100 ms, money in whole credits.
 */
export type Vec3 = [number, number, number];
export type Quat = [number, number, number, number];

export type HullName = 'shuttle' | 'miner' | 'hauler' | 'interceptor' | 'frigate' | 'cruiser' | 'pod' | 'wreck';
export type Law = 'charted' | 'open' | 'wild';
export type BodyKind = 'star' | 'planet' | 'moon' | 'belt' | 'station' | 'deep' | 'wreck';
export type PlanetLook = 'rock' | 'desert' | 'ocean' | 'ice' | 'gas' | 'lava';

export interface Address {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly index: number;
}

export interface SystemPoint {
  readonly address: Address;
  readonly name: string;
  readonly law: Law;
  readonly kelvin: number;
  /** Light years from the Heart. */
  readonly at: Vec3;
  readonly stations: number;
}

/** Somewhere in the system one can fly to. */
export interface Body {
  readonly place: number;
  readonly kind: BodyKind;
  readonly name: string;
  /** Metres in the system's frame. */
  readonly at: Vec3;
  readonly radius: number;
  readonly look: PlanetLook;
  readonly rings: boolean;
  readonly seed: number;
}

export interface Place {
  readonly system: SystemPoint;
  readonly place: number;
  readonly kind: BodyKind;
  readonly name: string;
  readonly bodies: readonly Body[];
  /** Between two places: nothing stands still here. */
  readonly cruise?: boolean;
  /** Rocks that can be mined here, metres of the place. */
  readonly rocks: readonly Rock[];
}

export interface Rock {
  readonly at: Vec3;
  readonly radius: number;
}

/** One ship in this place; `slot` is the number of its row on the server. */
export interface Ship {
  readonly slot: number;
  id: bigint;
  /** Who flies it, as far as one knows; 0 for a ghost. */
  soul: bigint;
  hull: HullName;
  /** Tag, or the name one knows it by; empty for a ghost. */
  name: string;
  ghost: boolean;
  drone: boolean;
  radius: number;
  hullShare: number;
  shieldShare: number;
  thrust: number;
  docked: boolean;
  cruising: boolean;
  spooling: boolean;
  mining: boolean;
  bounty: number;
  /** Where it is drawn now: `wire/` moves it every frame between the last two snapshots. */
  position: Vec3;
  velocity: Vec3;
  attitude: Quat;
}

export interface ModuleState {
  readonly slot: number;
  /** Row of the core's table of modules. */
  readonly kind: number;
  readonly name: string;
  readonly short: string;
  active: boolean;
  /** 0 ready … 1 just fired. */
  cycle: number;
}

export interface Self {
  soul: bigint;
  ship: bigint;
  slot: number;
  tag: string;
  carried: number;
  banked: number;
  debt: number;
  clonePaid: boolean;
  /** Credits that staying alive costs an hour. */
  burnPerHour: number;
  /** Row of the core's table of hulls. */
  hullKind: number;
  /** The transponder is off. */
  ghost: boolean;
  hull: number;
  hullMax: number;
  shield: number;
  shieldMax: number;
  fuel: number;
  fuelMax: number;
  /** Light years of one jump at most. */
  jumpRange: number;
  cargo: number;
  cargoMax: number;
  goods: readonly { good: number; units: number }[];
  docked: boolean;
  order: string;
  modules: readonly ModuleState[];
  alive: boolean;
}

export interface MarketRow {
  readonly good: number;
  readonly name: string;
  readonly price: number;
  readonly buy: number;
  readonly sell: number;
  readonly stock: number;
  readonly held: number;
}

export interface ChatLine {
  readonly id: number;
  readonly channel: 'place' | 'crew' | 'whisper' | 'head' | 'news';
  readonly from: string;
  /** Who spoke; 0 for a ghost and for news. */
  readonly soul: bigint;
  readonly ghost: boolean;
  readonly text: string;
  readonly mine: boolean;
}

export interface StatementRow {
  readonly id: number;
  readonly tick: number;
  readonly amount: number;
  readonly reason: string;
}

export type Effect =
  | { readonly kind: 'laser'; readonly from: number; readonly to: number; readonly hit: boolean; readonly shield: boolean }
  | { readonly kind: 'explosion'; readonly at: Vec3; readonly size: number }
  | { readonly kind: 'mining'; readonly from: number; readonly seconds: number; readonly to?: Vec3 }
  | { readonly kind: 'flash'; readonly at: Vec3; readonly size: number }
  | { readonly kind: 'jump'; readonly seconds: number }
  | { readonly kind: 'sound'; readonly name: 'dock' | 'undock' | 'chime' | 'alarm' };
