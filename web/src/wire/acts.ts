/**
 * Acts on the own soul over the connection: a question with a number, its answer in pieces, and in between the papers that
 * are to be signed. What is signed is shown before: until then it can be taken back, and nothing has changed.
 */
import type { ActWish } from '../state/commands.ts';
import { dropSigning, showSigning } from '../state/acts.ts';
import { toast } from '../state/store.ts';
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
    const said = (k: string) => (typeof answer.data[k] === 'string' ? answer.data[k] as string : '');
    throw new Refusal(said('reason') || said('error') || `The server refused it (${answer.status}).`, said('what_to_do'), answer.status);
  }

  /** Signs round after round, as long as it is for these keys. */
  private async signOn(answer: Answer, wish: Wish, signers: readonly Signer[], confirm: (paper: Paper) => Promise<boolean>): Promise<Record<string, unknown>> {
    let asked = false;
    for (let now = answer; ;) {
      const data = ActDesk.good(now), paper = now.status === 202 ? readPaper(data) : null;
      if (!paper) return data;
      this.own.add(paper.id);
      if (!asked && !foundsOnly(paper)) {
        asked = true;
        if (!await confirm(paper)) {
          await this.ask('withdraw', { paper: paper.id });
          throw new Refusal('You have not signed it.', 'Nothing was changed.', 0);
        }
      }
      const body = await signPaper(paper, wish, signers);
      if (!body) return { ...data, waits: paper.sign.map((s) => s.name || 'the copy').join(', ') };
      now = await this.ask('sign', body);
    }
  }

  async act(act: string, fields: JsonObject, wish: ActWish, me: Identity, galaxy: string): Promise<Record<string, unknown>> {
    const fresh = wish.ownKeyOf === undefined ? null : await makeBranchKey();
    if (fresh) await keepBranch(galaxy, fresh);
    const copyKey = fresh ? hex(fresh.publicKey) : undefined;
    const body = fresh ? { ...fields, copy_key: copyKey! } : fields;
    const signers = [me, ...(fresh ? [fresh] : []), ...await recallBranches(galaxy)];
    const answer = await this.ask(act, body);
    const done = await this.signOn(answer, { act, ...(copyKey !== undefined ? { copyKey } : {}), ...(wish.to !== undefined ? { to: wish.to } : {}) }, signers,
      (paper) => new Promise((resolve) => showSigning(paper, true, resolve)));
    if (fresh && typeof done['copy'] === 'string') download(fresh, wish.ownKeyOf);
    return done;
  }

  /** Somebody else wants something that needs my signature. */
  show(paper: Paper, me: Identity, galaxy: string): void {
    if (this.own.has(paper.id)) return;
    const agree = async () => {
      const body = await signPaper(paper, { act: paper.act }, [me, ...await recallBranches(galaxy)]);
      if (!body) return;
      const done = await this.signOn(await this.ask('sign', body), { act: paper.act }, [me], () => Promise.resolve(true));
      toast(typeof done['waits'] === 'string' ? `Signed; ${done['waits']} has to sign, too.` : 'Signed.', 'good');
    };
    const failed = (error: unknown) => toast(error instanceof Error ? error.message : 'That could not be signed.', 'bad');
    if (foundsOnly(paper)) { // the beginning of one's own lineage: what it is for is asked next
      agree().catch(failed);
      return;
    }
    showSigning(paper, false, (yes) => {
      (yes ? agree() : this.ask('withdraw', { paper: paper.id })).then(() => dropSigning(paper.id), failed);
    });
  }

  async takeBack(): Promise<void> {
    ActDesk.good(await this.ask('withdraw', {}));
  }
}
