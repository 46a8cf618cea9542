/**
 * Acts between souls as the page sees them: what I asked of whom and what they answered, what others ask of me, and the
 * passages that I sent on their way. Filled in by the wire's events; passages survive a reload of the page.
 */
import { signal } from '@preact/signals';
import type { Paper } from '../wire/papers.ts';

export interface Answer {
  readonly state: 'waiting' | 'yes' | 'no';
  /** The strongest reason, in the soul's own words. */
  readonly words: string;
  readonly untilTick: number;
}
/** By soul and act. */
export const answers = signal<ReadonlyMap<string, Answer>>(new Map());
export const answerKey = (soul: bigint, act: number): string => `${soul}:${act}`;

export function setAnswer(soul: bigint, act: number, answer: Answer | null): void {
  const next = new Map(answers.value);
  if (answer) next.set(answerKey(soul, act), answer);
  else next.delete(answerKey(soul, act));
  answers.value = next;
}

export interface Asked {
  readonly id: number;
  /** 0: the host of the server. */
  readonly asker: bigint;
  readonly name: string;
  readonly act: number;
}
export const asked = signal<readonly Asked[]>([]);
let askedId = 0;

/** Somebody asks: the same question again takes the place of the older one. */
export function hearAsked(asker: bigint, name: string, act: number): void {
  asked.value = [...asked.value.filter((a) => a.asker !== asker || a.act !== act), { id: ++askedId, asker, name, act }].slice(-6);
}

export function dropAsked(id: number): void {
  asked.value = asked.value.filter((a) => a.id !== id);
}

/** What is to be signed before an act goes on: a card with what it means, and yes or no. */
export interface Signing {
  readonly paper: Paper;
  /** Whether I have asked for it myself. */
  readonly own: boolean;
  /** What was wrong with it the last time that it was signed, or nothing. */
  readonly problem: string;
  answer(yes: boolean): void;
}
export const signings = signal<readonly Signing[]>([]);

/** The longest that a paper waits; a clock that differs by more is not believed. */
const PAPER_S_MAX = 330;

/** Seconds until it is too late, or null if the clocks here and there differ too much to say. */
export function secondsLeft(untilUnixS: number, nowMs = Date.now()): number | null {
  const left = untilUnixS - nowMs / 1000;
  return left > PAPER_S_MAX || left < -PAPER_S_MAX ? null : Math.max(0, Math.ceil(left));
}

/** @param late  called instead of `answer` when its time is over */
export function showSigning(paper: Paper, own: boolean, answer: (yes: boolean) => void, late: () => void, problem = ''): void {
  const left = secondsLeft(paper.untilUnixS);
  const timer = left === null ? undefined : setTimeout(() => {
    if (!signings.value.includes(card)) return;
    dropSigning(paper.id);
    late();
  }, left * 1000);
  const card: Signing = { paper, own, problem, answer: (yes) => { clearTimeout(timer); dropSigning(paper.id); answer(yes); } };
  signings.value = [...signings.value.filter((s) => s.paper.id !== paper.id), card].slice(-6);
}

/** Whose signatures an act of mine still waits for. */
export const waitsFor = signal<{ readonly names: string; readonly signed: boolean; readonly untilUnixS: number } | null>(null);

export function dropSigning(id: string): void {
  signings.value = signings.value.filter((s) => s.paper.id !== id);
}

/** A soul on its way to another server, from offer to receipt. */
export interface Passage {
  readonly transfer: string;
  readonly name: string;
  readonly to: string;
  readonly state: 'escrow' | 'sent' | 'received' | 'refused';
  readonly text: string;
}

const STORE = 'infinity.passages';

function isPassage(v: unknown): v is Passage {
  const p = v as Partial<Passage> | null;
  return typeof p === 'object' && p !== null && typeof p.transfer === 'string' && /^[0-9a-f]{32}$/.test(p.transfer) && typeof p.name === 'string' && typeof p.to === 'string'
    && (p.state === 'escrow' || p.state === 'sent' || p.state === 'received' || p.state === 'refused') && typeof p.text === 'string';
}

export function readPassages(text: string | null): readonly Passage[] {
  try {
    const list: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(list) ? (list as unknown[]).filter(isPassage).slice(-12) : [];
  } catch {
    return [];
  }
}

function stored(): string | null {
  try {
    return localStorage.getItem(STORE);
  } catch {
    return null;
  }
}

export const passages = signal<readonly Passage[]>(typeof localStorage === 'undefined' ? [] : readPassages(stored()));

export function setPassage(p: Passage): void {
  passages.value = [...passages.value.filter((o) => o.transfer !== p.transfer), p].slice(-12);
  keepPassages();
}

export function dropPassage(transfer: string): void {
  passages.value = passages.value.filter((p) => p.transfer !== transfer);
  keepPassages();
}

function keepPassages(): void {
  try {
    localStorage.setItem(STORE, JSON.stringify(passages.value));
  } catch { /* a private window: they last as long as the page */ }
}
