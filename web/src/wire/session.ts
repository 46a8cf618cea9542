/**
 * The conversation with the server: watch or sign in, then frames into the store and commands into inputs.
 * A connection begins with a challenge. Without a key it only watches; with one it signs. After a loss it
 * comes back as whoever it was, and sends again only what was not applied.
 */
import type { Address } from '../state/model.ts';
import { goalTexts } from '../state/goals.ts';
import { head, readHead } from '../state/head.ts';
import type { ActWish } from '../state/commands.ts';
import { bindLook, hearSoul, lookAgain } from '../state/souls.ts';
import { sentence } from '../util/format.ts';
import { addChat, link, linkError, retryIn, signedIn, toast } from '../state/store.ts';
import { challengeBytes } from './challenge.ts';
import type { Core } from './core.ts';
import { ActDesk } from './acts.ts';
import { download, keep, keepBranch, makeIdentity, named, openIdentity, recall, recallBranches, type Identity } from './keys.ts';
import { Refusal, type JsonObject } from './orders.ts';
import { readPaper } from './papers.ts';
import { PendingInputs } from './pending.ts';
import { Socket } from './socket.ts';
import { GOAL_TEXTS, SAY_BYTES, type FrameChallenge, type FrameRefused, type FrameTypes, type FrameWelcome, type InputTypes } from './tables.ts';
import type { World } from './world.ts';

const ASK = { STATEMENT: 0, MARKET: 1, PLACE: 2 } as const;
function parse(json: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(json));
  } catch {
    return null;
  }
}

export class Session {
  identity: Identity | null = null;
  knownTag: (tag: string) => void = () => undefined;
  private readonly socket: Socket;
  private readonly pending = new PendingInputs();
  private readonly desk: ActDesk;
  private galaxy = '';
  private tag = '';
  private playing = false;
  private entering: { resolve: () => void; reject: (e: Error) => void } | undefined;
  private pingTimer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly core: Core, readonly world: World, url: string) {
    goalTexts.value = GOAL_TEXTS;
    bindLook((soul) => { if (link.value === 'open') this.frame('Look', { soul }); });
    this.desk = new ActDesk((number, what, json) => this.socket.send(this.core.encodeFrame('Act', { number, what, json })));
    this.socket = new Socket(url, {
      opened: () => { link.value = 'signing'; },
      message: (bytes) => this.hear(bytes),
      lost: (seconds) => {
        link.value = 'lost';
        this.desk.lost();
        linkError.value ||= 'The galaxy does not answer.';
        let left = Math.ceil(seconds);
        retryIn.value = left;
        const count = setInterval(() => {
          retryIn.value = --left;
          if (left <= 0 || link.value !== 'lost') clearInterval(count);
        }, 1000);
        this.entering?.reject(new Error(linkError.value));
        this.entering = undefined;
      },
    });
    document.addEventListener('visibilitychange', () => { if (!document.hidden && !this.socket.open) this.retry(); });
  }

  start(): void {
    link.value = 'connecting';
    this.socket.connect();
    clearInterval(this.pingTimer);
    this.pingTimer = setInterval(() => {
      if (link.value === 'open') this.frame('Ping', { client_ms: BigInt(Math.round(performance.now())) });
    }, 4000);
  }

  retry(): void {
    linkError.value = '';
    this.start();
  }

  /** Signs in with the kept key, or with a new one under this tag. */
  async enter(tag: string): Promise<void> {
    if (this.identity?.name !== tag) {
      const before = this.identity;
      if (before) await keepBranch(this.galaxy, before); // whoever comes back under the earlier name finds the earlier key
      this.identity = (await recallBranches(this.galaxy)).find((i) => i.name === tag) ?? await makeIdentity(tag);
    }
    this.tag = this.identity.tag;
    this.playing = true;
    const done = new Promise<void>((resolve, reject) => { this.entering = { resolve, reject }; });
    this.pending.clear();
    this.start(); // a challenge is good for one try, and the watcher's is used
    await done;
  }

  async loadKey(file: File): Promise<void> {
    if (file.size > 4096) throw new Error('That is no recovery file of Infinity.');
    let data: unknown;
    try {
      data = JSON.parse(await file.text());
    } catch {
      throw new Error('That is no recovery file of Infinity.');
    }
    const identity = await openIdentity(data);
    if (this.identity) await keepBranch(this.galaxy, this.identity);
    this.identity = identity;
    await this.enter(identity.name);
  }

  saveKey(): void {
    if (this.identity) download(this.identity);
  }

  private hear(bytes: Uint8Array): void {
    const frame = this.core.decode(bytes);
    if (!frame) return; // of a kind that a newer server sends, or damaged: the next one heals it
    switch (frame.kind) {
      case 'Challenge': void this.answer(frame.data); break;
      case 'Welcome': this.welcome(frame.data); break;
      case 'Refused': this.refused(frame.data); break;
      case 'Pong': break;
      case 'Answer': this.desk.hear(frame.data); break;
      case 'Paper': {
        const paper = readPaper(parse(frame.data.json));
        if (paper && this.identity) this.desk.show(paper, this.identity, this.world.soul, this.galaxy);
        break;
      }
      case 'Soul': hearSoul(frame.data.soul, frame.data.json); break;
      case 'Head': head.value = readHead(frame.data); break;
      case 'News': addChat({ channel: 'news', from: 'News', ghost: false, text: frame.data.text, mine: false }); break;
      default: this.world.hear(frame, (sequence) => this.pending.answered(sequence));
    }
  }

  private async answer(c: FrameChallenge): Promise<void> {
    const galaxy = c.galaxy.map((b) => b.toString(16).padStart(2, '0')).join('');
    if (this.galaxy !== galaxy) {
      this.galaxy = galaxy;
      if (!this.playing) {
        this.identity = await recall(galaxy);
        if (this.identity) this.knownTag(this.identity.name);
      }
    }
    if (!this.playing || !this.identity) {
      this.frame('SignIn', { watch: 1, origin: location.origin });
      return;
    }
    try {
      const signature = await this.identity.sign(challengeBytes(c, location.origin));
      this.frame('SignIn', { watch: 0, key: [...this.identity.publicKey], signature: [...signature], origin: location.origin, tag: this.tag });
    } catch (error) {
      this.fail(error instanceof Error ? error.message : String(error));
    }
  }

  private welcome(w: FrameWelcome): void {
    try {
      this.core.openGalaxy(w.galaxy_seed, w.galaxy_version);
    } catch (error) {
      linkError.value = error instanceof Error ? error.message : String(error);
      this.socket.close();
      link.value = 'lost';
      return;
    }
    link.value = 'open';
    linkError.value = '';
    head.value = null;
    this.world.begin(w, this.playing);
    lookAgain();
    if (!this.playing || w.soul === 0n) return;
    signedIn.value = true;
    if (this.identity) this.keep(w.tag).catch((e: unknown) => toast(e instanceof Error ? e.message : String(e), 'bad'));
    for (const p of this.pending.resume(w.sequence, performance.now())) this.socket.send(p.bytes);
    this.ask('PLACE');
    this.ask('STATEMENT');
    this.entering?.resolve();
    this.entering = undefined;
  }

  private async keep(name: string): Promise<void> {
    if (!this.identity) return;
    if (this.identity.name === '' && name !== '') this.identity = await named(this.identity, name);
    await keep(this.galaxy, this.identity);
  }

  private refused(r: FrameRefused): void {
    const text = [r.what, r.help].map(sentence).filter((t) => t !== '').join(' ');
    const input = r.sequence > 0 ? this.pending.answered(r.sequence) : undefined;
    input?.refused?.();
    if (this.entering) this.fail(text);
    else toast(input ? `${input.what}: ${text}` : text, 'bad');
  }

  private fail(text: string): void {
    this.playing = false;
    this.identity = null;
    this.galaxy = ''; // the key that was kept is looked for again
    this.entering?.reject(new Error(text));
    this.entering = undefined;
    this.start();
  }

  ask(what: keyof typeof ASK): void {
    this.frame('Ask', { what: ASK[what] });
  }

  private frame<K extends keyof FrameTypes>(kind: K, data: Partial<FrameTypes[K]>): void {
    this.socket.send(this.core.encodeFrame(kind, data));
  }

  /** Sends an input; `what` names it in messages. Unanswered ones survive a lost connection. */
  input<K extends keyof InputTypes>(kind: K, data: Partial<InputTypes[K]>, what: string, keepIt = true, refused?: () => void): boolean {
    if (!signedIn.value) return false;
    const sequence = this.pending.next();
    const bytes = this.core.encodeInput(kind, { ...data, soul: this.world.soul, sequence } as Partial<InputTypes[K]>);
    if (keepIt) this.pending.add({ sequence, bytes, what, sentMs: performance.now(), ...(refused ? { refused } : {}) });
    if (this.socket.send(bytes)) return true;
    toast(keepIt ? `${what}: waits for the connection` : 'No connection.', 'bad');
    return false;
  }

  /** An act on the own soul: asked over this connection, signed with its key. */
  async soulAct(act: string, fields: JsonObject, wish: ActWish = {}): Promise<Record<string, unknown>> {
    if (!this.identity || !signedIn.value) throw new Refusal('You are not signed in.', '', 0);
    return this.desk.act(act, fields, wish, this.identity, this.galaxy);
  }

  async takeBack(): Promise<void> {
    await this.desk.takeBack();
  }

  say(reach: number, to: bigint, text: string): void {
    let words = text;
    while (new TextEncoder().encode(words).length >= SAY_BYTES) words = words.slice(0, -1);
    this.input('Say', { reach, to, text: words }, 'Say');
  }

  order(order: number, what: string, rest: { target?: bigint; body?: number; range_m?: number; to?: Address } = {}): void {
    this.input('Order', {
      order, target: rest.target ?? 0n, body: rest.body ?? 255, range_m: rest.range_m ?? 0,
      sector: rest.to ? [rest.to.x, rest.to.y, rest.to.z] : [0, 0, 0], system_in_sector: rest.to?.index ?? 0,
    }, what);
  }
}
