// A soul whose key is held by a program: nobody can sign for it but this. It is born as a mind that is driven from outside,
// founds itself with its own founding record, and signs an order and a mandate for each of its departures, all of it by the
// public door. What is signed: docs/souls.md; how: liar.mjs.
import crypto from 'node:crypto';
import { Key, canonical, sha256 } from './liar.mjs';

/** Traits by word, 0 to 255: what it takes to agree to nearly everything and to want to go nowhere. */
export const WILLING = {
  'faith in strangers': 255, sociability: 255, order: 255, courage: 255, curiosity: 255, wanderlust: 0, diligence: 0, greed: 0,
};

export class OwnSoul {
  constructor(name) {
    this.name = name;
    this.key = new Key();
    this.identity = null;
  }

  /** @return the answer that it failed with, or null: it lives there */
  async bear(galaxy, credits = 100000) {
    const answer = await galaxy.host('POST', '/api/minds', { name: this.name, key: this.key.hex, traits: WILLING, credits });
    if (answer.status !== 200) return answer;
    this.soul = String(answer.json.soul);
    return null;
  }

  async self(galaxy) {
    galaxy.self ??= (await galaxy.anybody('GET', '/border')).json ?? undefined;
    return galaxy.self;
  }

  record(self, tick) {
    const founding = { format: 'infinity-founding-1', galaxy: self.galaxy, key: this.key.hex, name: this.name,
      nonce: crypto.randomBytes(16).toString('hex'), tick };
    return this.key.sign('lineage', { act: 'founded', detail: { founding }, epoch: 1, galaxy: self.galaxy,
      identity: sha256(canonical(founding)), previous: [], server: self.server, tick }, 'soul_signature');
  }

  async found(galaxy) {
    const self = await this.self(galaxy);
    const page = self && await galaxy.anybody('GET', `/api/soul?soul=${this.soul}`);
    if (!page || page.status !== 200) return page || { status: 0, json: null };
    const record = this.record(self, page.json.tick);
    const answer = await galaxy.anybody('POST', '/api/souls/found', { soul: this.soul, record });
    if (answer.status !== 200) return answer;
    this.identity = record.identity;
    return null;
  }

  /** An order of its own to leave; `change` makes it a wrong one, for tests. */
  async cut(from, to, epoch, change = {}) {
    const [here, there] = [await this.self(from), await this.self(to)];
    if (!here || !there) return { status: 0, json: null };
    const now = Math.floor(Date.now() / 1000);
    const mandate = (change.mandateKey ?? this.key).sign('mandate', { act: 'departed', format: 'infinity-mandate-1', epoch, identity: this.identity,
      server: here.server, to: there.server, until: now + 600, ...change.mandate }, 'soul_signature');
    const order = { act: 'cut', soul: this.identity, key: this.key.hex, issued: now, nonce: crypto.randomBytes(16).toString('hex'), to: to.url,
      wait_s: 1, ...change.order };
    const signed = (change.key ?? this.key).sign('order', order, 'soul_signature');
    return from.anybody('POST', '/api/souls/cut', change.noMandate ? signed : { ...signed, mandate }, 15000);
  }
}
