/** What came from outside, member by member: of another kind than asked for, it is nothing. */
export type Json = Readonly<Record<string, unknown>>;

export const isObject = (v: unknown): v is Json => typeof v === 'object' && v !== null && !Array.isArray(v);
export const text = (v: unknown): string => (typeof v === 'string' ? v : '');
export const num = (v: unknown): number => (typeof v === 'number' && Number.isFinite(v) ? v : 0);
export const list = (v: unknown): readonly unknown[] => (Array.isArray(v) ? (v as unknown[]) : []);
/** 64 bits in decimal digits; else 0. */
export const id = (v: unknown): bigint => (typeof v === 'string' && /^\d{1,20}$/.test(v) ? BigInt(v) : 0n);
