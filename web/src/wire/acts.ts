/**
 * Acts on the own soul over the connection: a question with a number, its answer in pieces, and in between the papers that
 * are to be signed. What is signed is shown before: until then it can be taken back, and nothing has changed.
 */
import type { ActWish } from '../state/commands.ts';
import { dropSigning, showSigning, signings, waitsFor } from '../state/acts.ts';
import { toast } from '../state/store.ts';
import { saveDocument } from '../util/save.ts';
import { download, keepBranch, makeBranchKey, recallBranches, type Identity } from './keys.ts';
import { hex, Refusal, type JsonObject, type Signer } from './orders.ts';
import { foundsOnly, readPaper, signPaper, type Paper, type Wish } from './papers.ts';
import type { FrameAnswer } from './tables.ts';

interface Answer {
  readonly status: number;
  readonly data: Record<string, unknown>;
}
interface Waiting {
  readonly pieces: Uint8Array[];
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

const LOOK_MS = 2500;
const DAMAGED = 'Try again; if it stays so, bring the recovery file of this soul: the key in this browser is another one.';
const LOST = 'The connection was lost: whether it was done is not known.';

function join(pieces: readonly Uint8Array[]): string {
  const out = new Uint8Array(pieces.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const p of pieces) {
    out.set(p, at);
    at += p.length;
  }
  return new TextDecoder().decode(out);
}

export class ActDesk {
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;
  /** Numbers of papers that I have asked for myself. */
  private readonly own = new Set<string>();

  constructor(private readonly send: (number: number, what: string, json: Uint8Array) => boolean) {}

  private ask(what: string, fields: JsonObject): Promise<Answer> {
    const number = ++this.last;
    return new Promise((resolve, reject) => {
      this.waiting.set(number, { pieces: [], resolve, reject });
      if (!this.send(number, what, new TextEncoder().encode(JSON.stringify(fields)))) {
        this.waiting.delete(number);
        reject(new Refusal('There is no connection.', 'Nothing was changed.', 0));
      }
    });
  }

  hear(frame: Pick<FrameAnswer, 'number' | 'status' | 'more' | 'json'>): void {
    const w = this.waiting.get(frame.number);
    if (!w) return;
    w.pieces.push(frame.json.slice());
    if (frame.more !== 0) return;
    this.waiting.delete(frame.number);
    let data: unknown = null;
    try {
      data = JSON.parse(join(w.pieces));
    } catch { /* said below */ }
    if (typeof data !== 'object' || data === null) w.reject(new Refusal('The server’s answer cannot be read.', '', frame.status));
    else w.resolve({ status: frame.status, data: data as Record<string, unknown> });
  }

  lost(): void {
    for (const w of this.waiting.values()) w.reject(new Refusal(LOST, 'Look at the soul’s page when you are back.', 0));
    this.waiting.clear();
  }

  private static good(answer: Answer): Record<string, unknown> {
    if (answer.status >= 200 && answer.status < 300) return answer.data;
    if (answer.data['error'] === 'withdrawn') throw new Refusal('You have taken it back.', 'Nothing was changed.', answer.status);
    const said = (k: string) => (typeof answer.data[k] === 'string' ? answer.data[k] as string : '');
    throw new Refusal(said('reason') || said('error') || `The server refused it (${answer.status}).`, said('what_to_do'), answer.status);
  }

  private withdraw(paper: Paper): Promise<unknown> {
    return this.ask('withdraw', { paper: paper.id }).catch(() => undefined); // its time ends it, too
  }

  /** Signs round after round, as long as it is for these keys. What cannot be signed is taken back. */
  private async signOn(answer: Answer, wish: Wish, signers: readonly Signer[], confirm: (paper: Paper) => Promise<string>): Promise<Record<string, unknown>> {
    let asked = false, signed = false;
    for (let now = answer; ;) {
      const data = ActDesk.good(now), paper = now.status === 202 ? readPaper(data) : null;
      if (!paper) return data;
      this.own.add(paper.id);
      if (!paper.sign.some((s) => signers.some((k) => hex(k.publicKey) === s.key))) return this.others(paper, data, signed);
      if (!asked && !foundsOnly(paper)) {
        asked = true;
        const problem = await confirm(paper);
        if (problem) {
          await this.withdraw(paper);
          throw new Refusal(problem, 'Nothing was changed.', 0);
        }
      }
      try {
        const body = await signPaper(paper, wish, signers);
        if (!body) throw new Refusal('Nothing of it is for a key that is here.', 'Nothing was changed.', 0);
        now = await this.ask('sign', body);
        signed = true;
      } catch (error) {
        await this.withdraw(paper);
        throw error;
      }
      if (now.status === 403) {
        await this.withdraw(paper);
        throw new Refusal('The server did not accept the signature: it is by another key, or of another text.', `Nothing was changed. ${DAMAGED}`, 403);
      }
    }
  }

  /** Waits until the others have signed, too, or have not. */
  private async others(paper: Paper, data: Record<string, unknown>, signed: boolean): Promise<Record<string, unknown>> {
    const names = paper.sign.map((s) => s.name || 'the copy').join(', ');
    waitsFor.value = { names, signed, untilUnixS: paper.untilUnixS };
    try {
      for (;;) {
        await new Promise((done) => { setTimeout(done, LOOK_MS); });
        if (await this.waits(paper.id)) continue;
        const end = await this.ask('sign', { paper: paper.id, signatures: [] }); // told is how it ended
        if (end.status === 409 && end.data['error'] === 'used') return { ...data, signedBy: names };
        if (end.status !== 409 && end.status !== 403) ActDesk.good(end);
      }
    } finally {
      waitsFor.value = null;
    }
  }

  /** Is that still to be signed by somebody? */
  private async waits(id: string): Promise<boolean> {
    const list = ActDesk.good(await this.ask('papers', {}))['papers'];
    return Array.isArray(list) && (list as unknown[]).some((p) => readPaper(p)?.id === id);
  }

  async act(act: string, fields: JsonObject, wish: ActWish, me: Identity, galaxy: string): Promise<Record<string, unknown>> {
    const fresh = wish.ownKeyOf === undefined ? null : await makeBranchKey(wish.ownKeyOf);
    if (fresh) await keepBranch(galaxy, fresh);
    const copyKey = fresh ? hex(fresh.publicKey) : undefined;
    const body = fresh ? { ...fields, copy_key: copyKey! } : fields;
    const signers = [me, ...(fresh ? [fresh] : []), ...await recallBranches(galaxy)];
    const answer = await this.ask(act, body);
    const done = await this.signOn(answer, { act, ...(copyKey !== undefined ? { copyKey } : {}), ...(wish.to !== undefined ? { to: wish.to } : {}) }, signers,
      (paper) => new Promise((resolve) => showSigning(paper, true, (yes) => resolve(yes ? '' : 'You have not signed it.'), () => resolve('It was not signed in time.'))));
    if (fresh && typeof done['copy'] === 'string') download(fresh, wish.ownKeyOf);
    return done;
  }

  /** Something that needs my signature, and that this page does not wait for: another one wants it, or I did before a reload. */
  show(paper: Paper, me: Identity, soul: bigint, galaxy: string, problem = ''): void {
    if (this.own.has(paper.id)) return;
    const failed = (error: unknown) => toast(error instanceof Error ? error.message : 'That could not be signed.', 'bad');
    const agree = async () => {
      const body = await signPaper(paper, { act: paper.act }, [me, ...await recallBranches(galaxy)]);
      if (!body) return;
      const answer = await this.ask('sign', body);
      if (answer.status === 403) { // it waits still
        this.show(paper, me, soul, galaxy, `That signature was not accepted. ${DAMAGED}`);
        return;
      }
      const done = await this.signOn(answer, { act: paper.act }, [me, ...await recallBranches(galaxy)], () => Promise.resolve(''));
      if (typeof done['document'] === 'string') saveDocument(done['document'], paper.name);
      toast('Signed.', 'good');
    };
    if (foundsOnly(paper)) { // the beginning of one's own lineage: what it is for is asked next
      agree().catch(failed);
      return;
    }
    showSigning(paper, paper.asker === soul, (yes) => {
      (yes ? agree() : this.withdraw(paper)).catch(failed);
    }, () => toast(`It was not signed in time (${paper.act}). Nothing was changed.`, 'info'), problem);
    if (paper.asker !== soul) this.watch();
  }

  private watching = false;
  /** Cards of what others have taken back, or what was overtaken, go by themselves. */
  private watch(): void {
    if (this.watching) return;
    this.watching = true;
    const look = async () => {
      const cards = signings.value.filter((s) => !s.own);
      if (cards.length === 0) {
        this.watching = false;
        return;
      }
      try {
        const list = ActDesk.good(await this.ask('papers', {}))['papers'], open = new Set(Array.isArray(list) ? (list as unknown[]).map((p) => readPaper(p)?.id) : []);
        for (const card of cards) {
          if (open.has(card.paper.id) || !signings.value.includes(card)) continue;
          dropSigning(card.paper.id);
          toast(`What you were asked to sign (${card.paper.act}) is over: it was taken back, or something else was done first. Nothing was changed.`, 'info');
        }
      } catch { /* no connection: it is told again after the next sign-in */ }
      setTimeout(() => void look(), LOOK_MS);
    };
    setTimeout(() => void look(), LOOK_MS);
  }

  async takeBack(): Promise<void> {
    ActDesk.good(await this.ask('withdraw', {}));
  }
}
