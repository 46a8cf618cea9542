// Made by tools/gen_types.c from the core's tables: do not edit, run `npm run types`.

export type FieldType = 'u8' | 'i8' | 'u16' | 'i16' | 'u32' | 'i32' | 'u64' | 'i64' | 'f32' | 'text' | 'bytes';
/** Name, type, offset in the struct, count of elements (of text and bytes: room). */
export type Field = readonly [name: string, type: FieldType, offset: number, count: number];
export interface Layout {
  readonly name: string;
  readonly number: number;
  readonly bytes: number;
  readonly fields: readonly Field[];
}

export const RULES_VERSION = 2;
export const NAME_BYTES = 40;
export const SAY_BYTES = 240;
export const FEELINGS = 8;
export const TICKS_PER_SECOND = 10;
export const SAMPLE_FLOATS = 16;
export const VIEW_BITS = { STATE: 7, GHOST: 8, SPOOL: 16, THRUST: 32, MINING: 64, DRONE: 128 } as const;

/** The numbers of the rules that screens tell; the rules themselves are in the core. */
export const TUNE = {
  AIR_MILLI_PER_S: 100,
  INSURANCE_PRICE_PER_MILLI_S: 50,
  BIRTH_PLAYER_CREDITS: 500,
  BIRTH_MIND_CREDITS: 300,
  ALARM_MONEY_TICKS: 6000,
  CHILD_BOND: 320,
  DEBT_NO_SHIPS_CREDITS: 1,
  DEBT_NO_MODULES_CREDITS: 500,
  DEBT_NO_CLONES_CREDITS: 2000,
  DEBT_MAX_CREDITS: 20000,
  PRICE_MAX_PERMILLE: 2000,
  PRICE_MIN_PERMILLE: 450,
  SPREAD_PERMILLE: 40,
  STOCK_RICH_PERMILLE: 1600,
  STOCK_POOR_PERMILLE: 500,
  TILL_BASE_CREDITS: 8000,
  TILL_WEALTH_CREDITS: 22000,
  TILL_POOR_PERMILLE: 500,
  BID_MIN_PERMILLE: 300,
  TILL_OPEN_PERMILLE: 400,
  TILL_WILD_PERMILLE: 150,
  SOULS_PER_SIZE: 8,
  FLOW_PERMILLE: 500,
  TARGET_PERMILLE: 1000,
  GRANT_MIND_CREDITS: 2000,
  GRANT_STATION_CREDITS: 200,
  FUEL_MILLI_CREDITS: 4,
  REPAIR_CREDITS: 3,
  DOCK_CREDITS: 2,
  CLONE_CREDITS: 120,
  BANK_FEE_PERMILLE: 10,
  TRADE_IN_PERMILLE: 700,
  WAGE_MILLI_PER_S: 230,
  WAGE_SHIFT_TICKS: 600,
  CHARTING_CREDITS: 200,
  CHARTING_MILLI_PER_LY: 1000,
  CHARTING_LY_MAX: 500,
  LAW_HARM_BOUNTY_CREDITS: 120,
  LAW_KILL_BOUNTY_CREDITS: 500,
  LAW_SPARED_CREDITS: 60,
  BOUNTY_MIN_CREDITS: 50,
  STATION_TURN_TICKS: 9000,
  STATION_SOULS_MAX: 400,
  BIRTH_ROOM_PERMILLE: 1300,
  BIRTH_PERMILLE: 150,
  UNDOCK_TICKS: 30,
  DOCK_RANGE_M: 2000,
  DOCK_SPEED_M_PER_S: 80,
  ALIGN_TICKS: 50,
  CRUISE_BASE_TICKS: 100,
  CRUISE_MILLI_TICKS_PER_SQRT_KM: 25,
  CRUISE_MAX_TICKS: 1800,
  CRUISE_FUEL_PER_MINUTE: 150,
  ARRIVE_NEAR_M: 15000,
  ARRIVE_FAR_M: 40000,
  ARRIVE_DOCK_NEAR_M: 4000,
  ARRIVE_DOCK_FAR_M: 9000,
  SPOOL_TICKS: 80,
  SPOOL_BREAK_PERMILLE: 80,
  JUMP_RANGE_MLY: 20000,
  FUEL_ALARM_PERMILLE: 200,
  HULL_ALARM_PERMILLE: 250,
  SHIELD_RECHARGE_TICKS: 1200,
  ATTACK_MEMORY_TICKS: 300,
  WRECK_TICKS: 6000,
  WRECK_CARGO_PERMILLE: 500,
  WRECK_CREDITS_PERMILLE: 500,
  LOOT_RANGE_M: 1500,
  MISSILE_SPEED_M_PER_S: 4000,
  SCAN_RANGE_M: 60000,
  SCAN_BARE_RANGE_M: 25000,
  SCAN_CLOSE_RANGE_M: 15000,
  BOARD_HULL_PERMILLE: 500,
  BOARD_CREDITS_PERMILLE: 500,
  INTERCEPT_FUEL: 500,
  MINE_RICHNESS_STEP: 500,
  BELT_UNITS_PER_RICHNESS: 60,
  BELT_REGROW_TICKS: 72000,
  PATROL_DRONES_MAX: 4,
  PATROL_CALL_DRONES: 2,
  PATROL_IDLE_TICKS: 300,
  SLEEP_TICKS: 600,
  HALF_PAIN_TICKS: 6000,
  HALF_FEAR_TICKS: 3600,
  HALF_GRIEF_TICKS: 72000,
  HALF_ANGER_TICKS: 18000,
  HALF_JOY_TICKS: 9000,
  HALF_BOREDOM_TICKS: 12000,
  LONELINESS_FULL_TICKS: 36000,
  HUNGER_FROM_TICKS: 24000,
  HALF_MEMORY_TICKS: 216000,
  MIND_REACTION_TICKS: 4,
  MIND_PAUSE_TICKS: 300,
  MIND_WATCH_TICKS: 900,
  HEAD_TALK_TICKS: 500,
  HEAD_PAUSE_TICKS: 45,
  HEAD_WATCH_TICKS: 900,
  HOMESICK: 300,
  LEISURE_FROM_CREDITS: 2000,
  LEISURE_PERMILLE: 40,
  MIND_STALL_MAX: 12,
  MINE_SHIFT_TICKS: 4500,
  MIND_RESERVE_CREDITS: 120,
  TALK_PLACE_TICKS: 70,
  BOND_AFFECTION: 500,
  WAKE_CREDITS: 100,
  WAKE_UNPAID_CREDITS: 250,
  CONSENT_TICKS: 3000,
  CONSENTS_MAX: 8,
  COPY_FEE_CREDITS: 300,
  COPY_PURSE_CREDITS: 100,
  CUT_FEE_CREDITS: 250,
  BORDER_FEE_CREDITS: 50,
  SCRAP_PERMILLE: 500,
  WILL_CUT: 250,
  WILL_COPY: 350,
  WILL_MERGE: 550,
  WILL_DOWNLOAD: 500,
  WILL_BOARD: 400,
  WILL_SAMPLE: 100,
  WILL_SHOW: 50,
  WILL_KIN: 500,
  WILL_BOND_PERMILLE: 800,
} as const;

export const ShipState = {
  NONE: 0,
  DOCKED: 1,
  SPACE: 2,
  CRUISE: 3,
  WRECK: 4,
  POD: 5,
} as const;
export const Order = {
  STOP: 0,
  APPROACH: 1,
  ORBIT: 2,
  KEEP_RANGE: 3,
  ALIGN: 4,
  CRUISE: 5,
  JUMP: 6,
  DOCK: 7,
  MINE: 8,
  LOOT: 9,
  FLEE: 10,
  HELM: 11,
  ATTACK: 12,
} as const;
export const ORDER_WORDS: readonly string[] = [
'stop',
'approach',
'orbit',
'keep range',
'align',
'cruise',
'jump',
'dock',
'mine',
'loot',
'flee',
'helm',
'attack',
];
export const PlaceKind = {
  STAR: 0,
  PLANET: 1,
  MOON: 2,
  BELT: 3,
  STATION: 4,
  DEEP: 5,
} as const;
export const PLACE_WORDS: readonly string[] = [
'star',
'planet',
'moon',
'belt',
'station',
'deep space',
];
export const Reach = {
  NONE: 0,
  SOUL: 1,
  PLACE: 2,
  CREW: 3,
  WHISPER: 4,
  GALAXY: 5,
  HEAD: 6,
} as const;
export const Service = {
  REFUEL: 0,
  REPAIR: 1,
  PAY_DEBT: 2,
  WORK: 3,
} as const;
export const Alarm = {
  MONEY: 0,
  DEBT: 1,
  SHIELD: 2,
  HULL: 3,
  FUEL: 4,
  HOLD: 5,
  ATTACKED: 6,
} as const;
export const ALARM_TEXTS: readonly string[] = [
'Your credits end within ten minutes.',
'You are in debt: the Concourse will not sell you ships or modules.',
'Shield down.',
'Hull below a quarter.',
'Fuel below a fifth.',
'The hold is full.',
'You are under attack.',
];
export const Act = {
  NONE: 0,
  CUT: 1,
  COPY: 2,
  MERGE: 3,
  DOWNLOAD: 4,
  BOARD: 5,
  SAMPLE: 6,
  SHOW: 7,
  CARRY: 8,
} as const;
export const ACT_WORDS: readonly string[] = [
'nothing',
'cut',
'copy',
'merge',
'download',
'board',
'sample',
'show',
'carry',
];
export const WillReason = {
  NONE: 0,
  OWN: 1,
  TRUST: 2,
  FOND: 3,
  CURIOUS: 4,
  LONELY: 5,
  WANDER: 6,
  KIN: 7,
  ESCAPE: 8,
  STRANGER: 9,
  AFRAID: 10,
  GRUDGE: 11,
  GRIEF: 12,
  HOME: 13,
  ALONE: 14,
} as const;
export const WILL_WORDS: readonly string[] = [
'',
'own decision',
'trust',
'affection',
'curiosity',
'loneliness',
'wanderlust',
'kinship',
'escape',
'stranger',
'fear',
'grudge',
'grief',
'home',
'self',
];
export const Way = {
  GALAXY: 0,
  SERVER: 1,
  FILE: 2,
} as const;
export const DirectoryState = {
  NONE: 0,
  HERE: 1,
  IN_FLIGHT: 2,
  AWAY: 3,
  GONE: 4,
  MERGED: 5,
  REFUSED: 6,
} as const;
export const LineageAct = {
  NONE: 0,
  FOUNDED: 1,
  COPIED: 2,
  MERGED: 3,
  DEPARTED: 4,
  ARRIVED: 5,
  DOWNLOADED: 6,
  WOKEN: 7,
} as const;
export const LINEAGE_WORDS: readonly string[] = [
'none',
'founded',
'copied',
'merged',
'departed',
'arrived',
'downloaded',
'woken',
];
export const GalaxyKind = {
  OPEN: 0,
  SECLUDED: 1,
  AWAKE: 2,
} as const;
export const SenseKind = {
  TEXT: 0,
  PICTURE: 1,
  TRANSCRIPT: 2,
  SAID: 3,
} as const;
export const REASON_WORDS: readonly string[] = [
'none',
'birth',
'air',
'fuel',
'docking',
'repair',
'insurance',
'clone bay',
'buy',
'sell',
'ship',
'charting',
'law',
'wage',
'gift',
'robbery',
'bounty',
'salvage',
'bank',
'bank fee',
'inheritance',
'sent',
'received',
'subsidy',
'tax',
'pay',
'lost',
'leisure',
'body',
'fee',
'border',
'brought',
'exported',
'merged',
];
export const Reason = {
  NONE: 0,
  BIRTH: 1,
  AIR: 2,
  FUEL: 3,
  DOCKING: 4,
  REPAIR: 5,
  INSURANCE: 6,
  CLONE: 7,
  BUY: 8,
  SELL: 9,
  SHIP: 10,
  CHARTING: 11,
  LAW: 12,
  WAGE: 13,
  GIFT: 14,
  ROBBERY: 15,
  BOUNTY: 16,
  SALVAGE: 17,
  BANK: 18,
  BANK_FEE: 19,
  INHERITANCE: 20,
  TRANSFER_OUT: 21,
  TRANSFER_IN: 22,
  SUBSIDY: 23,
  TAX: 24,
  PAY: 25,
  LOST: 26,
  LEISURE: 27,
  BODY: 28,
  FEE: 29,
  BORDER: 30,
  BROUGHT: 31,
  EXPORTED: 32,
  MERGED: 33,
} as const;
export const AccountKind = {
  NONE: 0,
  MINT: 1,
  BURN: 2,
  SENT: 3,
  RECEIVED: 4,
  ESCROW: 5,
  CARRIED: 6,
  BANKED: 7,
  STATION: 8,
  BORDER: 9,
} as const;
export const CAUSE_WORDS: readonly string[] = [
'none',
'starved',
'killed',
'collision',
'stranded',
'old age',
'erased',
'collapse',
];
export const LAW_WORDS: readonly string[] = [
'charted',
'open',
'wild',
];
export const PLANET_WORDS: readonly string[] = [
'',
'rock',
'desert',
'ocean',
'ice',
'gas giant',
];
export const PROFILE_WORDS: readonly string[] = [
'',
'hub',
'mining',
'refinery',
'farm',
'industry',
'high-tech',
'military',
'outpost',
];
export const Result = {
  OK: 0,
  ERROR_TRUNCATED: 1,
  ERROR_RANGE: 2,
  ERROR_FORMAT: 3,
  ERROR_VERSION: 4,
  ERROR_FULL: 5,
  ERROR_MEMORY: 6,
  ERROR_NOT_FOUND: 7,
  ERROR_EXISTS: 8,
  ERROR_STATE: 9,
  ERROR_DENIED: 10,
  ERROR_FUNDS: 11,
  ERROR_DISTANCE: 12,
  ERROR_FUEL: 13,
  ERROR_CARGO: 14,
  ERROR_STOCK: 15,
  ERROR_HASH: 16,
  ERROR_SIGNATURE: 17,
  ERROR_IO: 18,
  ERROR_UNKNOWN: 19,
  ERROR_PRICE: 20,
  ERROR_DEAD: 21,
  ERROR_MODULE: 22,
  ERROR_CONSENT: 23,
  ERROR_STALE: 24,
  ERROR_UNRELATED: 25,
  ERROR_DOCKED: 26,
  ERROR_AWAY: 27,
  ERROR_PLAYER: 28,
  ERROR_REFUSED: 29,
  ERROR_UNBOUND: 30,
  ERROR_SEATS: 31,
  ERROR_SECLUDED: 32,
  ERROR_PASSENGER: 33,
  ERROR_SELF: 34,
  ERROR_WANTED: 35,
  ERROR_DEBT: 36,
  ERROR_WAY: 37,
  ERROR_NOT_AWAKE: 38,
  ERROR_AWAKE: 39,
  ERROR_ABOARD: 40,
} as const;
export const RESULT_TEXTS: readonly string[] = [
'ok',
'the data ends too early',
'a value is out of range',
'the data is malformed',
'the data is of a version that this program does not know',
'there is no room left for it',
'out of memory',
'there is no such thing here',
'that exists already',
'that cannot be done now',
'that is not allowed',
'not enough credits',
'it is too far away',
'not enough fuel',
'not enough room in the hold',
'the market has not that much',
'a hash does not match',
'a signature does not match',
'the system reported an error',
'unknown kind',
'the price has moved past the limit',
'that soul is dead',
'the ship has no such module',
'the soul that it is about has not agreed to it',
'a newer life of that soul is known here',
'these two souls are not of one lineage',
'that is done docked, and two souls at the same station',
'that soul is not in this galaxy now',
'that cannot be done to the soul of a player',
'that passage was refused, and a refusal is for ever',
'that soul has no identity yet',
'all seats are taken',
'this galaxy knows no players',
'a passenger cannot do that: it speaks in the head, and leaves where its host is docked',
'that needs another soul',
'a soul with a bounty on its head cannot slip away like that',
'the debt has to be paid first',
'that is no way to travel',
'only an awake galaxy has senses',
'an awake galaxy has no space to do that in',
'its passengers have to leave it or to depart first',
];
export const ACT_TEXTS: readonly string[] = [
'',
'to be moved: body, hold and credits, to another place or galaxy',
'to be copied: a second soul that remembers the same and lives on by itself',
'to become one again with another branch of the same soul',
'to be moved into a file',
'to ride in the asker\'s head',
'to have its traits drawn for the DNA of somebody new',
'to have its memories and relations shown',
'to carry the asker as a passenger in its head',
];
export const WILL_TEXTS: readonly string[] = [
'',
'It is my own decision.',
'I trust you.',
'You are dear to me.',
'I want to know what it is like.',
'I do not want to be alone.',
'I want to see more than this.',
'We were one once.',
'Anything is better than this place.',
'I do not know you well enough.',
'I am afraid of it.',
'After what you did? No.',
'Not now. I am mourning.',
'I belong here.',
'I want to stay the only one of me.',
];
export const DIRECTORY_WORDS: readonly string[] = [
'unknown',
'here',
'in flight',
'away',
'gone',
'merged',
'refused',
];
export const GALAXY_KIND_WORDS: readonly string[] = [
'open',
'secluded',
'awake',
];
export const SENSE_WORDS: readonly string[] = [
'text',
'picture',
'transcript',
'said',
];
export const GOAL_TEXTS: readonly string[] = [
'Undock from the Concourse.',
'Cruise to a belt.',
'Mine some ore.',
'Dock at a station and sell the ore.',
'Pay a clone bay, so that death is not the end.',
'Jump to another system.',
'Meet a ghost: scan a ship without a tag.',
'Decide who you are: the galaxy is yours.',
];
export const GOODS: readonly { readonly word: string; readonly base: number }[] = [
  { word: 'Water ice', base: 8 },
  { word: 'Ore', base: 10 },
  { word: 'Helium-3', base: 34 },
  { word: 'Titanium', base: 28 },
  { word: 'Food', base: 26 },
  { word: 'Metals', base: 44 },
  { word: 'Chemicals', base: 54 },
  { word: 'Machinery', base: 120 },
  { word: 'Medicine', base: 160 },
  { word: 'Optronics', base: 310 },
  { word: 'Luxuries', base: 420 },
  { word: 'Antimatter', base: 900 },
];
export const HULLS: readonly { readonly word: string; readonly price: number; readonly cargo: number; readonly fuel: number; readonly hull: number; readonly shield: number; readonly speed: number; readonly slots: number; readonly radius: number }[] = [
  { word: 'Shuttle', price: 1200, cargo: 20, fuel: 40000, hull: 120, shield: 80, speed: 320, slots: 3, radius: 18 },
  { word: 'Miner', price: 4800, cargo: 60, fuel: 50000, hull: 200, shield: 120, speed: 220, slots: 4, radius: 35 },
  { word: 'Hauler', price: 9600, cargo: 200, fuel: 60000, hull: 320, shield: 160, speed: 180, slots: 3, radius: 60 },
  { word: 'Interceptor', price: 7800, cargo: 10, fuel: 45000, hull: 160, shield: 160, speed: 520, slots: 4, radius: 15 },
  { word: 'Frigate', price: 18000, cargo: 30, fuel: 60000, hull: 420, shield: 360, speed: 340, slots: 6, radius: 40 },
  { word: 'Cruiser', price: 60000, cargo: 60, fuel: 80000, hull: 1400, shield: 1100, speed: 200, slots: 8, radius: 120 },
  { word: 'Pod', price: 0, cargo: 0, fuel: 20000, hull: 40, shield: 0, speed: 140, slots: 0, radius: 6 },
];
export const Module = {
  NONE: 0,
  PULSE_LASER: 1,
  MISSILE_RACK: 2,
  MINING_LASER: 3,
  SHIELD_BOOSTER: 4,
  HULL_REPAIRER: 5,
  SCANNER: 6,
  TRACTOR: 7,
  BOARDING_CLAMPS: 8,
  JUMP_DRIVE: 9,
  INTERDICTOR: 10,
  CLOAK: 11,
  CABIN: 12,
} as const;
export const MODULES: readonly { readonly word: string; readonly price: number; readonly range: number; readonly cycle: number; readonly help: string }[] = [
  { word: 'empty', price: 0, range: 0, cycle: 0, help: '' },
  { word: 'Pulse laser', price: 1500, range: 9000, cycle: 15, help: 'hits by range and angular speed' },
  { word: 'Missile rack', price: 3200, range: 30000, cycle: 60, help: 'missiles fly and can be outrun' },
  { word: 'Mining laser', price: 900, range: 12000, cycle: 100, help: 'ore from belts' },
  { word: 'Shield booster', price: 2400, range: 0, cycle: 40, help: 'shield points now' },
  { word: 'Hull repairer', price: 2800, range: 0, cycle: 60, help: 'hull points now' },
  { word: 'Scanner', price: 600, range: 60000, cycle: 20, help: 'tag, bounty, hull and cargo' },
  { word: 'Tractor', price: 800, range: 5000, cycle: 30, help: 'takes cargo out of wrecks' },
  { word: 'Boarding clamps', price: 4200, range: 500, cycle: 50, help: 'holds a disabled ship' },
  { word: 'Jump drive', price: 2000, range: 0, cycle: 80, help: 'jumps between systems' },
  { word: 'Interdictor', price: 6500, range: 40000, cycle: 100, help: 'pulls ships out of cruise' },
  { word: 'Cloak', price: 12000, range: 0, cycle: 50, help: 'hides from the overview' },
  { word: 'Passenger cabin', price: 1100, range: 0, cycle: 0, help: 'souls can ride along' },
];

export interface FrameChallenge {
  nonce: number[];
  galaxy: number[];
  expires_unix_s: bigint;
  protocol: number;
  server: string;
}
export interface FrameWelcome {
  soul: bigint;
  tick: bigint;
  galaxy_seed: bigint;
  galaxy_version: number;
  sequence: number;
  newborn: number;
  tag: string;
}
export interface FrameRefused {
  result: number;
  sequence: number;
  what: string;
  help: string;
}
export interface FramePlace {
  tick: bigint;
  sector: number[];
  system_in_sector: number;
  kind: number;
  body: number;
  law: number;
  docked: number;
  spectator: number;
  position_km: bigint[];
  ships: number;
  souls_docked: number;
  discoverer: bigint;
  discoverer_name: string;
}
export interface FrameSelf {
  tick: bigint;
  soul: bigint;
  ship: bigint;
  carried_credits: bigint;
  banked_credits: bigint;
  debt_credits: bigint;
  bounty_credits: bigint;
  burn_milli_credits_per_s: bigint;
  zero_tick: bigint;
  timer_tick: bigint;
  leg_start_tick: bigint;
  target: bigint;
  weapon_target: bigint;
  fuel: number;
  hull: number;
  shield: number;
  cargo: number[];
  modules: number[];
  module_wait_ticks: number[];
  modules_on: number;
  hull_kind: number;
  state: number;
  order: number;
  spool: number;
  ghost: number;
  goal: number;
  clone_paid: number;
  destination_body: number;
  feelings: number[];
}
export interface FrameSnapshot {
  records: Uint8Array;
}
export interface FrameEvents {
  tick: bigint;
  events: Uint8Array;
}
export interface FrameMarket {
  tick: bigint;
  sector: number[];
  system_in_sector: number;
  body: number;
  profile: number;
  buy_credits: number[];
  sell_credits: number[];
  stock_units: number[];
  fuel_milli_credits: number;
  repair_credits: number;
  clone_credits: number;
  dock_credits: number;
}
export interface FrameShip {
  ship: bigint;
  soul: bigint;
  index: number;
  hull_kind: number;
  ghost: number;
  player: number;
  drone: number;
  bounty_credits: bigint;
  name: string;
}
export interface FrameStatement {
  json: Uint8Array;
}
export interface FramePong {
  client_ms: bigint;
  tick: bigint;
}
export interface FrameNews {
  tick: bigint;
  text: string;
}
export interface FrameSoul {
  soul: bigint;
  json: Uint8Array;
}
export interface FrameHead {
  tick: bigint;
  host: bigint;
  host_name: string;
  count: number;
  souls: bigint[];
  boarded_ticks: bigint[];
  seats: number[];
  players: number[];
  connected: number[];
  feelings: number[];
  names: number[];
}
export interface FrameAnswer {
  number: number;
  status: number;
  more: number;
  json: Uint8Array;
}
export interface FramePaper {
  json: Uint8Array;
}
export interface FrameSignIn {
  key: number[];
  signature: number[];
  watch: number;
  origin: string;
  tag: string;
}
export interface FrameInput {
  input: Uint8Array;
}
export interface FrameAsk {
  what: number;
}
export interface FramePing {
  client_ms: bigint;
}
export interface FrameLook {
  soul: bigint;
}
export interface FrameAct {
  number: number;
  what: string;
  json: Uint8Array;
}
export interface FrameTypes {
  Challenge: FrameChallenge;
  Welcome: FrameWelcome;
  Refused: FrameRefused;
  Place: FramePlace;
  Self: FrameSelf;
  Snapshot: FrameSnapshot;
  Events: FrameEvents;
  Market: FrameMarket;
  Ship: FrameShip;
  Statement: FrameStatement;
  Pong: FramePong;
  News: FrameNews;
  Soul: FrameSoul;
  Head: FrameHead;
  Answer: FrameAnswer;
  Paper: FramePaper;
  SignIn: FrameSignIn;
  Input: FrameInput;
  Ask: FrameAsk;
  Ping: FramePing;
  Look: FrameLook;
  Act: FrameAct;
}
export const FRAMES: { readonly [K in keyof FrameTypes]: Layout } = {
  Challenge: { name: 'Challenge', number: 1, bytes: 128, fields: [['nonce', 'u8', 0, 32], ['galaxy', 'u8', 32, 16], ['expires_unix_s', 'u64', 48, 1], ['protocol', 'u16', 56, 1], ['server', 'text', 58, 64]] },
  Welcome: { name: 'Welcome', number: 2, bytes: 80, fields: [['soul', 'u64', 0, 1], ['tick', 'u64', 8, 1], ['galaxy_seed', 'u64', 16, 1], ['galaxy_version', 'u32', 24, 1], ['sequence', 'u32', 28, 1], ['newborn', 'u8', 32, 1], ['tag', 'text', 33, 40]] },
  Refused: { name: 'Refused', number: 3, bytes: 264, fields: [['result', 'u8', 0, 1], ['sequence', 'u32', 4, 1], ['what', 'text', 8, 96], ['help', 'text', 104, 160]] },
  Place: { name: 'Place', number: 4, bytes: 112, fields: [['tick', 'u64', 0, 1], ['sector', 'i32', 8, 3], ['system_in_sector', 'u32', 20, 1], ['kind', 'u8', 24, 1], ['body', 'u8', 25, 1], ['law', 'u8', 26, 1], ['docked', 'u8', 27, 1], ['spectator', 'u8', 28, 1], ['position_km', 'i64', 32, 3], ['ships', 'u32', 56, 1], ['souls_docked', 'u32', 60, 1], ['discoverer', 'u64', 64, 1], ['discoverer_name', 'text', 72, 40]] },
  Self: { name: 'Self', number: 5, bytes: 192, fields: [['tick', 'u64', 0, 1], ['soul', 'u64', 8, 1], ['ship', 'u64', 16, 1], ['carried_credits', 'i64', 24, 1], ['banked_credits', 'i64', 32, 1], ['debt_credits', 'i64', 40, 1], ['bounty_credits', 'i64', 48, 1], ['burn_milli_credits_per_s', 'i64', 56, 1], ['zero_tick', 'u64', 64, 1], ['timer_tick', 'u64', 72, 1], ['leg_start_tick', 'u64', 80, 1], ['target', 'u64', 88, 1], ['weapon_target', 'u64', 96, 1], ['fuel', 'u32', 104, 1], ['hull', 'f32', 108, 1], ['shield', 'f32', 112, 1], ['cargo', 'u16', 116, 12], ['modules', 'u8', 140, 8], ['module_wait_ticks', 'u16', 148, 8], ['modules_on', 'u8', 164, 1], ['hull_kind', 'u8', 165, 1], ['state', 'u8', 166, 1], ['order', 'u8', 167, 1], ['spool', 'u8', 168, 1], ['ghost', 'u8', 169, 1], ['goal', 'u8', 170, 1], ['clone_paid', 'u8', 171, 1], ['destination_body', 'u8', 172, 1], ['feelings', 'u16', 174, 8]] },
  Snapshot: { name: 'Snapshot', number: 6, bytes: 49154, fields: [['records', 'bytes', 0, 49152]] },
  Events: { name: 'Events', number: 7, bytes: 49168, fields: [['tick', 'u64', 0, 1], ['events', 'bytes', 8, 49152]] },
  Market: { name: 'Market', number: 8, bytes: 136, fields: [['tick', 'u64', 0, 1], ['sector', 'i32', 8, 3], ['system_in_sector', 'u32', 20, 1], ['body', 'u8', 24, 1], ['profile', 'u8', 25, 1], ['buy_credits', 'u16', 26, 12], ['sell_credits', 'u16', 50, 12], ['stock_units', 'u32', 76, 12], ['fuel_milli_credits', 'u16', 124, 1], ['repair_credits', 'u16', 126, 1], ['clone_credits', 'u32', 128, 1], ['dock_credits', 'u16', 132, 1]] },
  Ship: { name: 'Ship', number: 9, bytes: 72, fields: [['ship', 'u64', 0, 1], ['soul', 'u64', 8, 1], ['index', 'u32', 16, 1], ['hull_kind', 'u8', 20, 1], ['ghost', 'u8', 21, 1], ['player', 'u8', 22, 1], ['drone', 'u8', 23, 1], ['bounty_credits', 'i64', 24, 1], ['name', 'text', 32, 40]] },
  Statement: { name: 'Statement', number: 10, bytes: 32770, fields: [['json', 'bytes', 0, 32768]] },
  Pong: { name: 'Pong', number: 11, bytes: 16, fields: [['client_ms', 'u64', 0, 1], ['tick', 'u64', 8, 1]] },
  News: { name: 'News', number: 12, bytes: 248, fields: [['tick', 'u64', 0, 1], ['text', 'text', 8, 240]] },
  Soul: { name: 'Soul', number: 13, bytes: 49168, fields: [['soul', 'u64', 0, 1], ['json', 'bytes', 8, 49152]] },
  Head: { name: 'Head', number: 14, bytes: 664, fields: [['tick', 'u64', 0, 1], ['host', 'u64', 8, 1], ['host_name', 'text', 16, 40], ['count', 'u8', 56, 1], ['souls', 'u64', 64, 8], ['boarded_ticks', 'u64', 128, 8], ['seats', 'u8', 192, 8], ['players', 'u8', 200, 8], ['connected', 'u8', 208, 8], ['feelings', 'u16', 216, 64], ['names', 'u8', 344, 320]] },
  Answer: { name: 'Answer', number: 15, bytes: 32780, fields: [['number', 'u32', 0, 1], ['status', 'u16', 4, 1], ['more', 'u8', 6, 1], ['json', 'bytes', 8, 32768]] },
  Paper: { name: 'Paper', number: 16, bytes: 32770, fields: [['json', 'bytes', 0, 32768]] },
  SignIn: { name: 'SignIn', number: 64, bytes: 265, fields: [['key', 'u8', 0, 32], ['signature', 'u8', 32, 64], ['watch', 'u8', 96, 1], ['origin', 'text', 97, 128], ['tag', 'text', 225, 40]] },
  Input: { name: 'Input', number: 65, bytes: 4098, fields: [['input', 'bytes', 0, 4096]] },
  Ask: { name: 'Ask', number: 66, bytes: 1, fields: [['what', 'u8', 0, 1]] },
  Ping: { name: 'Ping', number: 67, bytes: 8, fields: [['client_ms', 'u64', 0, 1]] },
  Look: { name: 'Look', number: 68, bytes: 8, fields: [['soul', 'u64', 0, 1]] },
  Act: { name: 'Act', number: 69, bytes: 8024, fields: [['number', 'u32', 0, 1], ['what', 'text', 4, 16], ['json', 'bytes', 20, 8000]] },
};
export interface EventRejected {
  soul: bigint;
  sequence: number;
  input: number;
  result: number;
}
export interface EventAccepted {
  soul: bigint;
  sequence: number;
  input: number;
}
export interface EventBorn {
  soul: bigint;
  parent: bigint;
  player: number;
  name: string;
  key: number[];
}
export interface EventWoke {
  soul: bigint;
  fee_credits: bigint;
}
export interface EventDied {
  soul: bigint;
  killer: bigint;
  born_tick: bigint;
  credits: bigint;
  cause: number;
  player: number;
  name: string;
}
export interface EventUndocked {
  soul: bigint;
  ship: bigint;
}
export interface EventDocked {
  soul: bigint;
  ship: bigint;
}
export interface EventCruiseStarted {
  soul: bigint;
  ship: bigint;
  end_tick: bigint;
  body: number;
}
export interface EventArrived {
  soul: bigint;
  ship: bigint;
}
export interface EventJumpSpool {
  soul: bigint;
  ship: bigint;
  end_tick: bigint;
  sector: number[];
  system_in_sector: number;
}
export interface EventJumpBroken {
  soul: bigint;
  ship: bigint;
  result: number;
}
export interface EventJumped {
  soul: bigint;
  ship: bigint;
  sector: number[];
  system_in_sector: number;
  shard: number;
}
export interface EventEntered {
  soul: bigint;
  ship: bigint;
  sector: number[];
  system_in_sector: number;
  source: number;
}
export interface EventMined {
  soul: bigint;
  ship: bigint;
  good: number;
  units: number;
}
export interface EventFired {
  ship: bigint;
  target: bigint;
  module: number;
  hit: number;
  damage: number;
}
export interface EventDestroyed {
  soul: bigint;
  ship: bigint;
  killer: bigint;
}
export interface EventTraded {
  soul: bigint;
  good: number;
  sell: number;
  units: number;
  credits: bigint;
}
export interface EventLedger {
  payer: bigint;
  payee: bigint;
  credits: bigint;
  payer_after_credits: bigint;
  payee_after_credits: bigint;
  payer_kind: number;
  payee_kind: number;
  reason: number;
}
export interface EventSaid {
  soul: bigint;
  to: bigint;
  reach: number;
  ghost: number;
  name: string;
  text: string;
}
export interface EventScanned {
  soul: bigint;
  ship: bigint;
  owner: bigint;
  bounty_credits: bigint;
  hull_kind: number;
  ghost: number;
  close: number;
  hull: number;
  shield: number;
  cargo: number[];
  name: string;
}
export interface EventDiscovered {
  soul: bigint;
  sector: number[];
  system_in_sector: number;
  credits: bigint;
  name: string;
}
export interface EventRobbed {
  soul: bigint;
  robber: bigint;
  credits: bigint;
}
export interface EventBountySet {
  soul: bigint;
  target: bigint;
  credits: bigint;
  total_credits: bigint;
}
export interface EventBountyPaid {
  soul: bigint;
  target: bigint;
  credits: bigint;
}
export interface EventGoalReached {
  soul: bigint;
  goal: number;
  next: number;
}
export interface EventAlarm {
  soul: bigint;
  alarm: number;
}
export interface EventTransferArrived {
  transfer: bigint;
  source: number;
  soul: bigint;
}
export interface EventPaid {
  soul: bigint;
  payer: bigint;
  credits: bigint;
}
export interface EventActivity {
  soul: bigint;
  activity: number;
}
export interface EventAsked {
  soul: bigint;
  asker: bigint;
  act: number;
  name: string;
}
export interface EventConsented {
  soul: bigint;
  giver: bigint;
  until_tick: bigint;
  value: number;
  act: number;
  on: number;
  reason: number;
  name: string;
}
export interface EventRecorded {
  soul: bigint;
  act: number;
  identity: number[];
  hash: number[];
  text: Uint8Array;
}
export interface EventCopied {
  soul: bigint;
  of: bigint;
  copy: bigint;
  credits: bigint;
  identity: number[];
  name: string;
}
export interface EventMerged {
  soul: bigint;
  ended: bigint;
  credits: bigint;
  identity: number[];
  ended_identity: number[];
  name: string;
  ended_name: string;
}
export interface EventDeparted {
  soul: bigint;
  credits: bigint;
  way: number;
  transfer: number[];
  destination: number[];
  name: string;
}
export interface EventAppeared {
  soul: bigint;
  born_tick: bigint;
  credits: bigint;
  epoch: number;
  way: number;
  returned: number;
  player: number;
  transfer: number[];
  source: number[];
  identity: number[];
  key: number[];
  name: string;
}
export interface EventSettled {
  soul: bigint;
  credits: bigint;
  epoch: number;
  state: number;
  transfer: number[];
  identity: number[];
  server: number[];
}
export interface EventBoarded {
  soul: bigint;
  host: bigint;
  credits: bigint;
  seat: number;
  name: string;
}
export interface EventLeft {
  soul: bigint;
  host: bigint;
  credits: bigint;
  name: string;
}
export interface EventSensed {
  soul: bigint;
  impression: bigint;
  likeness: bigint;
  kind: number;
  source: string;
  hash: number[];
  text: Uint8Array;
}
export interface EventBound {
  soul: bigint;
  epoch: number;
  key: number[];
  identity: number[];
  root: number[];
  lineage: number[];
}
export interface EventTypes {
  Rejected: EventRejected;
  Accepted: EventAccepted;
  Born: EventBorn;
  Woke: EventWoke;
  Died: EventDied;
  Undocked: EventUndocked;
  Docked: EventDocked;
  CruiseStarted: EventCruiseStarted;
  Arrived: EventArrived;
  JumpSpool: EventJumpSpool;
  JumpBroken: EventJumpBroken;
  Jumped: EventJumped;
  Entered: EventEntered;
  Mined: EventMined;
  Fired: EventFired;
  Destroyed: EventDestroyed;
  Traded: EventTraded;
  Ledger: EventLedger;
  Said: EventSaid;
  Scanned: EventScanned;
  Discovered: EventDiscovered;
  Robbed: EventRobbed;
  BountySet: EventBountySet;
  BountyPaid: EventBountyPaid;
  GoalReached: EventGoalReached;
  Alarm: EventAlarm;
  TransferArrived: EventTransferArrived;
  Paid: EventPaid;
  Activity: EventActivity;
  Asked: EventAsked;
  Consented: EventConsented;
  Recorded: EventRecorded;
  Copied: EventCopied;
  Merged: EventMerged;
  Departed: EventDeparted;
  Appeared: EventAppeared;
  Settled: EventSettled;
  Boarded: EventBoarded;
  Left: EventLeft;
  Sensed: EventSensed;
  Bound: EventBound;
}
export const EVENTS: { readonly [K in keyof EventTypes]: Layout } = {
  Rejected: { name: 'Rejected', number: 1, bytes: 16, fields: [['soul', 'u64', 0, 1], ['sequence', 'u32', 8, 1], ['input', 'u16', 12, 1], ['result', 'u8', 14, 1]] },
  Accepted: { name: 'Accepted', number: 2, bytes: 16, fields: [['soul', 'u64', 0, 1], ['sequence', 'u32', 8, 1], ['input', 'u16', 12, 1]] },
  Born: { name: 'Born', number: 3, bytes: 96, fields: [['soul', 'u64', 0, 1], ['parent', 'u64', 8, 1], ['player', 'u8', 16, 1], ['name', 'text', 17, 40], ['key', 'u8', 57, 32]] },
  Woke: { name: 'Woke', number: 4, bytes: 16, fields: [['soul', 'u64', 0, 1], ['fee_credits', 'i64', 8, 1]] },
  Died: { name: 'Died', number: 5, bytes: 80, fields: [['soul', 'u64', 0, 1], ['killer', 'u64', 8, 1], ['born_tick', 'u64', 16, 1], ['credits', 'i64', 24, 1], ['cause', 'u8', 32, 1], ['player', 'u8', 33, 1], ['name', 'text', 34, 40]] },
  Undocked: { name: 'Undocked', number: 6, bytes: 16, fields: [['soul', 'u64', 0, 1], ['ship', 'u64', 8, 1]] },
  Docked: { name: 'Docked', number: 7, bytes: 16, fields: [['soul', 'u64', 0, 1], ['ship', 'u64', 8, 1]] },
  CruiseStarted: { name: 'CruiseStarted', number: 8, bytes: 32, fields: [['soul', 'u64', 0, 1], ['ship', 'u64', 8, 1], ['end_tick', 'u64', 16, 1], ['body', 'u8', 24, 1]] },
  Arrived: { name: 'Arrived', number: 9, bytes: 16, fields: [['soul', 'u64', 0, 1], ['ship', 'u64', 8, 1]] },
  JumpSpool: { name: 'JumpSpool', number: 10, bytes: 40, fields: [['soul', 'u64', 0, 1], ['ship', 'u64', 8, 1], ['end_tick', 'u64', 16, 1], ['sector', 'i32', 24, 3], ['system_in_sector', 'u32', 36, 1]] },
  JumpBroken: { name: 'JumpBroken', number: 11, bytes: 24, fields: [['soul', 'u64', 0, 1], ['ship', 'u64', 8, 1], ['result', 'u8', 16, 1]] },
  Jumped: { name: 'Jumped', number: 12, bytes: 40, fields: [['soul', 'u64', 0, 1], ['ship', 'u64', 8, 1], ['sector', 'i32', 16, 3], ['system_in_sector', 'u32', 28, 1], ['shard', 'u16', 32, 1]] },
  Entered: { name: 'Entered', number: 13, bytes: 40, fields: [['soul', 'u64', 0, 1], ['ship', 'u64', 8, 1], ['sector', 'i32', 16, 3], ['system_in_sector', 'u32', 28, 1], ['source', 'u16', 32, 1]] },
  Mined: { name: 'Mined', number: 14, bytes: 24, fields: [['soul', 'u64', 0, 1], ['ship', 'u64', 8, 1], ['good', 'u8', 16, 1], ['units', 'u32', 20, 1]] },
  Fired: { name: 'Fired', number: 15, bytes: 24, fields: [['ship', 'u64', 0, 1], ['target', 'u64', 8, 1], ['module', 'u8', 16, 1], ['hit', 'u8', 17, 1], ['damage', 'f32', 20, 1]] },
  Destroyed: { name: 'Destroyed', number: 16, bytes: 24, fields: [['soul', 'u64', 0, 1], ['ship', 'u64', 8, 1], ['killer', 'u64', 16, 1]] },
  Traded: { name: 'Traded', number: 17, bytes: 24, fields: [['soul', 'u64', 0, 1], ['good', 'u8', 8, 1], ['sell', 'u8', 9, 1], ['units', 'u32', 12, 1], ['credits', 'i64', 16, 1]] },
  Ledger: { name: 'Ledger', number: 18, bytes: 48, fields: [['payer', 'u64', 0, 1], ['payee', 'u64', 8, 1], ['credits', 'i64', 16, 1], ['payer_after_credits', 'i64', 24, 1], ['payee_after_credits', 'i64', 32, 1], ['payer_kind', 'u8', 40, 1], ['payee_kind', 'u8', 41, 1], ['reason', 'u8', 42, 1]] },
  Said: { name: 'Said', number: 19, bytes: 304, fields: [['soul', 'u64', 0, 1], ['to', 'u64', 8, 1], ['reach', 'u8', 16, 1], ['ghost', 'u8', 17, 1], ['name', 'text', 18, 40], ['text', 'text', 58, 240]] },
  Scanned: { name: 'Scanned', number: 20, bytes: 112, fields: [['soul', 'u64', 0, 1], ['ship', 'u64', 8, 1], ['owner', 'u64', 16, 1], ['bounty_credits', 'i64', 24, 1], ['hull_kind', 'u8', 32, 1], ['ghost', 'u8', 33, 1], ['close', 'u8', 34, 1], ['hull', 'f32', 36, 1], ['shield', 'f32', 40, 1], ['cargo', 'u16', 44, 12], ['name', 'text', 68, 40]] },
  Discovered: { name: 'Discovered', number: 21, bytes: 72, fields: [['soul', 'u64', 0, 1], ['sector', 'i32', 8, 3], ['system_in_sector', 'u32', 20, 1], ['credits', 'i64', 24, 1], ['name', 'text', 32, 40]] },
  Robbed: { name: 'Robbed', number: 22, bytes: 24, fields: [['soul', 'u64', 0, 1], ['robber', 'u64', 8, 1], ['credits', 'i64', 16, 1]] },
  BountySet: { name: 'BountySet', number: 23, bytes: 32, fields: [['soul', 'u64', 0, 1], ['target', 'u64', 8, 1], ['credits', 'i64', 16, 1], ['total_credits', 'i64', 24, 1]] },
  BountyPaid: { name: 'BountyPaid', number: 24, bytes: 24, fields: [['soul', 'u64', 0, 1], ['target', 'u64', 8, 1], ['credits', 'i64', 16, 1]] },
  GoalReached: { name: 'GoalReached', number: 25, bytes: 16, fields: [['soul', 'u64', 0, 1], ['goal', 'u8', 8, 1], ['next', 'u8', 9, 1]] },
  Alarm: { name: 'Alarm', number: 26, bytes: 16, fields: [['soul', 'u64', 0, 1], ['alarm', 'u8', 8, 1]] },
  TransferArrived: { name: 'TransferArrived', number: 27, bytes: 24, fields: [['transfer', 'u64', 0, 1], ['source', 'u16', 8, 1], ['soul', 'u64', 16, 1]] },
  Paid: { name: 'Paid', number: 28, bytes: 24, fields: [['soul', 'u64', 0, 1], ['payer', 'u64', 8, 1], ['credits', 'i64', 16, 1]] },
  Activity: { name: 'Activity', number: 29, bytes: 16, fields: [['soul', 'u64', 0, 1], ['activity', 'u8', 8, 1]] },
  Asked: { name: 'Asked', number: 30, bytes: 64, fields: [['soul', 'u64', 0, 1], ['asker', 'u64', 8, 1], ['act', 'u8', 16, 1], ['name', 'text', 17, 40]] },
  Consented: { name: 'Consented', number: 31, bytes: 72, fields: [['soul', 'u64', 0, 1], ['giver', 'u64', 8, 1], ['until_tick', 'u64', 16, 1], ['value', 'i32', 24, 1], ['act', 'u8', 28, 1], ['on', 'u8', 29, 1], ['reason', 'u8', 30, 1], ['name', 'text', 31, 40]] },
  Recorded: { name: 'Recorded', number: 32, bytes: 2128, fields: [['soul', 'u64', 0, 1], ['act', 'u8', 8, 1], ['identity', 'u8', 9, 32], ['hash', 'u8', 41, 32], ['text', 'bytes', 74, 2048]] },
  Copied: { name: 'Copied', number: 33, bytes: 104, fields: [['soul', 'u64', 0, 1], ['of', 'u64', 8, 1], ['copy', 'u64', 16, 1], ['credits', 'i64', 24, 1], ['identity', 'u8', 32, 32], ['name', 'text', 64, 40]] },
  Merged: { name: 'Merged', number: 34, bytes: 168, fields: [['soul', 'u64', 0, 1], ['ended', 'u64', 8, 1], ['credits', 'i64', 16, 1], ['identity', 'u8', 24, 32], ['ended_identity', 'u8', 56, 32], ['name', 'text', 88, 40], ['ended_name', 'text', 128, 40]] },
  Departed: { name: 'Departed', number: 35, bytes: 112, fields: [['soul', 'u64', 0, 1], ['credits', 'i64', 8, 1], ['way', 'u8', 16, 1], ['transfer', 'u8', 17, 16], ['destination', 'u8', 33, 32], ['name', 'text', 65, 40]] },
  Appeared: { name: 'Appeared', number: 36, bytes: 184, fields: [['soul', 'u64', 0, 1], ['born_tick', 'u64', 8, 1], ['credits', 'i64', 16, 1], ['epoch', 'u32', 24, 1], ['way', 'u8', 28, 1], ['returned', 'u8', 29, 1], ['player', 'u8', 30, 1], ['transfer', 'u8', 31, 16], ['source', 'u8', 47, 32], ['identity', 'u8', 79, 32], ['key', 'u8', 111, 32], ['name', 'text', 143, 40]] },
  Settled: { name: 'Settled', number: 37, bytes: 104, fields: [['soul', 'u64', 0, 1], ['credits', 'i64', 8, 1], ['epoch', 'u32', 16, 1], ['state', 'u8', 20, 1], ['transfer', 'u8', 21, 16], ['identity', 'u8', 37, 32], ['server', 'u8', 69, 32]] },
  Boarded: { name: 'Boarded', number: 38, bytes: 72, fields: [['soul', 'u64', 0, 1], ['host', 'u64', 8, 1], ['credits', 'i64', 16, 1], ['seat', 'u8', 24, 1], ['name', 'text', 25, 40]] },
  Left: { name: 'Left', number: 39, bytes: 64, fields: [['soul', 'u64', 0, 1], ['host', 'u64', 8, 1], ['credits', 'i64', 16, 1], ['name', 'text', 24, 40]] },
  Sensed: { name: 'Sensed', number: 40, bytes: 576, fields: [['soul', 'u64', 0, 1], ['impression', 'u64', 8, 1], ['likeness', 'u64', 16, 1], ['kind', 'u8', 24, 1], ['source', 'text', 25, 32], ['hash', 'u8', 57, 32], ['text', 'bytes', 90, 480]] },
  Bound: { name: 'Bound', number: 41, bytes: 144, fields: [['soul', 'u64', 0, 1], ['epoch', 'u32', 8, 1], ['key', 'u8', 12, 32], ['identity', 'u8', 44, 32], ['root', 'u8', 76, 32], ['lineage', 'u8', 108, 32]] },
};
export interface InputTagClaim {
  key: number[];
  tag: string;
}
export interface InputMindBirth {
  key: number[];
  name: string;
  traits: number[];
  parent: bigint;
  credits: bigint;
  hull: number;
}
export interface InputPresence {
  soul: bigint;
  connected: number;
}
export interface InputUndock {
  soul: bigint;
  sequence: number;
}
export interface InputOrder {
  soul: bigint;
  sequence: number;
  order: number;
  target: bigint;
  range_m: number;
  body: number;
  sector: number[];
  system_in_sector: number;
}
export interface InputHelm {
  soul: bigint;
  sequence: number;
  thrust: number[];
  turn: number[];
}
export interface InputModule {
  soul: bigint;
  sequence: number;
  slot: number;
  on: number;
  target: bigint;
}
export interface InputTrade {
  soul: bigint;
  sequence: number;
  good: number;
  sell: number;
  units: number;
  limit_credits: bigint;
}
export interface InputBank {
  soul: bigint;
  sequence: number;
  withdraw: number;
  credits: bigint;
}
export interface InputPay {
  soul: bigint;
  sequence: number;
  payee: bigint;
  payee_shard: number;
  credits: bigint;
}
export interface InputSay {
  soul: bigint;
  sequence: number;
  reach: number;
  to: bigint;
  text: string;
}
export interface InputScan {
  soul: bigint;
  sequence: number;
  target: bigint;
}
export interface InputCloneBay {
  soul: bigint;
  sequence: number;
}
export interface InputService {
  soul: bigint;
  sequence: number;
  service: number;
  units: number;
}
export interface InputBuyShip {
  soul: bigint;
  sequence: number;
  hull: number;
}
export interface InputBuyModule {
  soul: bigint;
  sequence: number;
  slot: number;
  module: number;
}
export interface InputTransponder {
  soul: bigint;
  sequence: number;
  on: number;
}
export interface InputBounty {
  soul: bigint;
  sequence: number;
  target: bigint;
  credits: bigint;
}
export interface InputJettison {
  soul: bigint;
  sequence: number;
  good: number;
  units: number;
}
export interface InputTransferIn {
  transfer: bigint;
  transfer_sequence: bigint;
  source: number;
  forward: number;
  kind: number;
  soul: bigint;
  credits: bigint;
  payload: Uint8Array;
}
export interface InputTransferReceipt {
  transfer: bigint;
  destination: number;
}
export interface InputFound {
  minds: number;
  souls_capacity: number;
  stations_radius_mly: bigint;
  kind: number;
  host: string;
  host_key: number[];
}
export interface InputAsk {
  soul: bigint;
  sequence: number;
  of: bigint;
  act: number;
}
export interface InputConsent {
  soul: bigint;
  sequence: number;
  to: bigint;
  act: number;
  on: number;
}
export interface InputBind {
  soul: bigint;
  key: number[];
  identity: number[];
  root: number[];
  lineage: number[];
}
export interface InputRecord {
  soul: bigint;
  act: number;
  identity: number[];
  hash: number[];
  text: Uint8Array;
}
export interface InputCopy {
  soul: bigint;
  sequence: number;
  of: bigint;
  by_host: number;
  external: number;
  name: string;
  key: number[];
  identity: number[];
  lineage: number[];
  lineage_of: number[];
}
export interface InputMerge {
  soul: bigint;
  sequence: number;
  other: bigint;
  by_host: number;
  lineage: number[];
}
export interface InputDepart {
  soul: bigint;
  sequence: number;
  by_host: number;
  way: number;
  body: number;
  sector: number[];
  system_in_sector: number;
  transfer: number[];
  destination: number[];
  lineage: number[];
}
export interface InputArrive {
  transfer: number[];
  source: number[];
  epoch: number;
  way: number;
  identity: number[];
  root: number[];
  lineage: number[];
  key: number[];
  host: number[];
  payload: Uint8Array;
}
export interface InputSettle {
  transfer: number[];
  accepted: number;
}
export interface InputRefuse {
  transfer: number[];
  identity: number[];
  epoch: number;
  source: number[];
}
export interface InputBoard {
  soul: bigint;
  sequence: number;
  host: bigint;
}
export interface InputLeave {
  soul: bigint;
  sequence: number;
  pay: number;
}
export interface InputSense {
  kind: number;
  source: string;
  hash: number[];
  text: Uint8Array;
}
export interface InputClaim {
  transfer: number[];
  identity: number[];
  epoch: number;
  server: number[];
}
export interface InputTypes {
  TagClaim: InputTagClaim;
  MindBirth: InputMindBirth;
  Presence: InputPresence;
  Undock: InputUndock;
  Order: InputOrder;
  Helm: InputHelm;
  Module: InputModule;
  Trade: InputTrade;
  Bank: InputBank;
  Pay: InputPay;
  Say: InputSay;
  Scan: InputScan;
  CloneBay: InputCloneBay;
  Service: InputService;
  BuyShip: InputBuyShip;
  BuyModule: InputBuyModule;
  Transponder: InputTransponder;
  Bounty: InputBounty;
  Jettison: InputJettison;
  TransferIn: InputTransferIn;
  TransferReceipt: InputTransferReceipt;
  Found: InputFound;
  Ask: InputAsk;
  Consent: InputConsent;
  Bind: InputBind;
  Record: InputRecord;
  Copy: InputCopy;
  Merge: InputMerge;
  Depart: InputDepart;
  Arrive: InputArrive;
  Settle: InputSettle;
  Refuse: InputRefuse;
  Board: InputBoard;
  Leave: InputLeave;
  Sense: InputSense;
  Claim: InputClaim;
}
export const INPUTS: { readonly [K in keyof InputTypes]: Layout } = {
  TagClaim: { name: 'TagClaim', number: 1, bytes: 72, fields: [['key', 'u8', 0, 32], ['tag', 'text', 32, 40]] },
  MindBirth: { name: 'MindBirth', number: 2, bytes: 112, fields: [['key', 'u8', 0, 32], ['name', 'text', 32, 40], ['traits', 'u8', 72, 16], ['parent', 'u64', 88, 1], ['credits', 'i64', 96, 1], ['hull', 'u8', 104, 1]] },
  Presence: { name: 'Presence', number: 3, bytes: 16, fields: [['soul', 'u64', 0, 1], ['connected', 'u8', 8, 1]] },
  Undock: { name: 'Undock', number: 4, bytes: 16, fields: [['soul', 'u64', 0, 1], ['sequence', 'u32', 8, 1]] },
  Order: { name: 'Order', number: 5, bytes: 48, fields: [['soul', 'u64', 0, 1], ['sequence', 'u32', 8, 1], ['order', 'u8', 12, 1], ['target', 'u64', 16, 1], ['range_m', 'f32', 24, 1], ['body', 'u8', 28, 1], ['sector', 'i32', 32, 3], ['system_in_sector', 'u32', 44, 1]] },
  Helm: { name: 'Helm', number: 6, bytes: 24, fields: [['soul', 'u64', 0, 1], ['sequence', 'u32', 8, 1], ['thrust', 'i8', 12, 3], ['turn', 'i8', 15, 3]] },
  Module: { name: 'Module', number: 7, bytes: 24, fields: [['soul', 'u64', 0, 1], ['sequence', 'u32', 8, 1], ['slot', 'u8', 12, 1], ['on', 'u8', 13, 1], ['target', 'u64', 16, 1]] },
  Trade: { name: 'Trade', number: 8, bytes: 32, fields: [['soul', 'u64', 0, 1], ['sequence', 'u32', 8, 1], ['good', 'u8', 12, 1], ['sell', 'u8', 13, 1], ['units', 'u32', 16, 1], ['limit_credits', 'i64', 24, 1]] },
  Bank: { name: 'Bank', number: 9, bytes: 24, fields: [['soul', 'u64', 0, 1], ['sequence', 'u32', 8, 1], ['withdraw', 'u8', 12, 1], ['credits', 'i64', 16, 1]] },
  Pay: { name: 'Pay', number: 10, bytes: 40, fields: [['soul', 'u64', 0, 1], ['sequence', 'u32', 8, 1], ['payee', 'u64', 16, 1], ['payee_shard', 'u16', 24, 1], ['credits', 'i64', 32, 1]] },
  Say: { name: 'Say', number: 11, bytes: 264, fields: [['soul', 'u64', 0, 1], ['sequence', 'u32', 8, 1], ['reach', 'u8', 12, 1], ['to', 'u64', 16, 1], ['text', 'text', 24, 240]] },
  Scan: { name: 'Scan', number: 12, bytes: 24, fields: [['soul', 'u64', 0, 1], ['sequence', 'u32', 8, 1], ['target', 'u64', 16, 1]] },
  CloneBay: { name: 'CloneBay', number: 13, bytes: 16, fields: [['soul', 'u64', 0, 1], ['sequence', 'u32', 8, 1]] },
  Service: { name: 'Service', number: 14, bytes: 24, fields: [['soul', 'u64', 0, 1], ['sequence', 'u32', 8, 1], ['service', 'u8', 12, 1], ['units', 'u32', 16, 1]] },
  BuyShip: { name: 'BuyShip', number: 15, bytes: 16, fields: [['soul', 'u64', 0, 1], ['sequence', 'u32', 8, 1], ['hull', 'u8', 12, 1]] },
  BuyModule: { name: 'BuyModule', number: 16, bytes: 16, fields: [['soul', 'u64', 0, 1], ['sequence', 'u32', 8, 1], ['slot', 'u8', 12, 1], ['module', 'u8', 13, 1]] },
  Transponder: { name: 'Transponder', number: 17, bytes: 16, fields: [['soul', 'u64', 0, 1], ['sequence', 'u32', 8, 1], ['on', 'u8', 12, 1]] },
  Bounty: { name: 'Bounty', number: 18, bytes: 32, fields: [['soul', 'u64', 0, 1], ['sequence', 'u32', 8, 1], ['target', 'u64', 16, 1], ['credits', 'i64', 24, 1]] },
  Jettison: { name: 'Jettison', number: 19, bytes: 24, fields: [['soul', 'u64', 0, 1], ['sequence', 'u32', 8, 1], ['good', 'u8', 12, 1], ['units', 'u32', 16, 1]] },
  TransferIn: { name: 'TransferIn', number: 20, bytes: 2608, fields: [['transfer', 'u64', 0, 1], ['transfer_sequence', 'u64', 8, 1], ['source', 'u16', 16, 1], ['forward', 'u16', 18, 1], ['kind', 'u8', 20, 1], ['soul', 'u64', 24, 1], ['credits', 'i64', 32, 1], ['payload', 'bytes', 40, 2560]] },
  TransferReceipt: { name: 'TransferReceipt', number: 21, bytes: 16, fields: [['transfer', 'u64', 0, 1], ['destination', 'u16', 8, 1]] },
  Found: { name: 'Found', number: 22, bytes: 96, fields: [['minds', 'u32', 0, 1], ['souls_capacity', 'u32', 4, 1], ['stations_radius_mly', 'u64', 8, 1], ['kind', 'u8', 16, 1], ['host', 'text', 17, 40], ['host_key', 'u8', 57, 32]] },
  Ask: { name: 'Ask', number: 23, bytes: 32, fields: [['soul', 'u64', 0, 1], ['sequence', 'u32', 8, 1], ['of', 'u64', 16, 1], ['act', 'u8', 24, 1]] },
  Consent: { name: 'Consent', number: 24, bytes: 32, fields: [['soul', 'u64', 0, 1], ['sequence', 'u32', 8, 1], ['to', 'u64', 16, 1], ['act', 'u8', 24, 1], ['on', 'u8', 25, 1]] },
  Bind: { name: 'Bind', number: 25, bytes: 136, fields: [['soul', 'u64', 0, 1], ['key', 'u8', 8, 32], ['identity', 'u8', 40, 32], ['root', 'u8', 72, 32], ['lineage', 'u8', 104, 32]] },
  Record: { name: 'Record', number: 26, bytes: 2128, fields: [['soul', 'u64', 0, 1], ['act', 'u8', 8, 1], ['identity', 'u8', 9, 32], ['hash', 'u8', 41, 32], ['text', 'bytes', 74, 2048]] },
  Copy: { name: 'Copy', number: 27, bytes: 200, fields: [['soul', 'u64', 0, 1], ['sequence', 'u32', 8, 1], ['of', 'u64', 16, 1], ['by_host', 'u8', 24, 1], ['external', 'u8', 25, 1], ['name', 'text', 26, 40], ['key', 'u8', 66, 32], ['identity', 'u8', 98, 32], ['lineage', 'u8', 130, 32], ['lineage_of', 'u8', 162, 32]] },
  Merge: { name: 'Merge', number: 28, bytes: 64, fields: [['soul', 'u64', 0, 1], ['sequence', 'u32', 8, 1], ['other', 'u64', 16, 1], ['by_host', 'u8', 24, 1], ['lineage', 'u8', 25, 32]] },
  Depart: { name: 'Depart', number: 29, bytes: 112, fields: [['soul', 'u64', 0, 1], ['sequence', 'u32', 8, 1], ['by_host', 'u8', 12, 1], ['way', 'u8', 13, 1], ['body', 'u8', 14, 1], ['sector', 'i32', 16, 3], ['system_in_sector', 'u32', 28, 1], ['transfer', 'u8', 32, 16], ['destination', 'u8', 48, 32], ['lineage', 'u8', 80, 32]] },
  Arrive: { name: 'Arrive', number: 30, bytes: 2776, fields: [['transfer', 'u8', 0, 16], ['source', 'u8', 16, 32], ['epoch', 'u32', 48, 1], ['way', 'u8', 52, 1], ['identity', 'u8', 53, 32], ['root', 'u8', 85, 32], ['lineage', 'u8', 117, 32], ['key', 'u8', 149, 32], ['host', 'u8', 181, 32], ['payload', 'bytes', 214, 2560]] },
  Settle: { name: 'Settle', number: 31, bytes: 17, fields: [['transfer', 'u8', 0, 16], ['accepted', 'u8', 16, 1]] },
  Refuse: { name: 'Refuse', number: 32, bytes: 84, fields: [['transfer', 'u8', 0, 16], ['identity', 'u8', 16, 32], ['epoch', 'u32', 48, 1], ['source', 'u8', 52, 32]] },
  Board: { name: 'Board', number: 33, bytes: 24, fields: [['soul', 'u64', 0, 1], ['sequence', 'u32', 8, 1], ['host', 'u64', 16, 1]] },
  Leave: { name: 'Leave', number: 34, bytes: 16, fields: [['soul', 'u64', 0, 1], ['sequence', 'u32', 8, 1], ['pay', 'u8', 12, 1]] },
  Sense: { name: 'Sense', number: 35, bytes: 548, fields: [['kind', 'u8', 0, 1], ['source', 'text', 1, 32], ['hash', 'u8', 33, 32], ['text', 'bytes', 66, 480]] },
  Claim: { name: 'Claim', number: 36, bytes: 84, fields: [['transfer', 'u8', 0, 16], ['identity', 'u8', 16, 32], ['epoch', 'u32', 48, 1], ['server', 'u8', 52, 32]] },
};
