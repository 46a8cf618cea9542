// A server that lies: it speaks the border's protocol with a key of its own and answers arrivals as it is told to. And what
// it takes to speak it: canonical JSON (RFC 8785, for the values that the protocol has) and Ed25519 with a prefix.
import crypto from 'node:crypto';
import http from 'node:http';

export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

export const sha256 = (bytes) => crypto.createHash('sha256').update(bytes).digest('hex');

const SIGNATURES = ['soul_signature', 'other_signature', 'server_signature', 'mandate'];

/** What is signed of an object: without its signatures, an arrival also without its document. */
export function body(kind, object) {
  const rest = { ...object };
  for (const name of SIGNATURES) delete rest[name];
  if (kind === 'arrival') delete rest.document;
  return Buffer.from(`infinity-${kind}-1\n${canonical(rest)}`);
}

export class Key {
  constructor() {
    const pair = crypto.generateKeyPairSync('ed25519');
    this.secret = pair.privateKey;
    this.hex = pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex');
  }
  sign(kind, object, name = 'server_signature') {
    return { ...object, [name]: crypto.sign(null, body(kind, object), this.secret).toString('hex') };
  }
}

/** A batch of unsigned messages, and the seal that signs them all. */
export function seal(key, batch, secret = '') {
  const hashes = batch.map((one) => crypto.createHash('sha256').update(body(one.message, one)).digest());
  return [...batch, key.sign('seal', { message: 'seal', version: 1, server: key.hex, count: batch.length, digest: sha256(Buffer.concat(hashes)), secret })];
}

/**
 * mode: 'silent' (no answer), 'other key' (a receipt signed with another key), 'other transfer', 'other soul', 'unsigned', 'changed'
 * (signed, then altered), 'nonsense', 'no' (an honest refusal), 'yes' (an honest receipt, and nothing is stored).
 */
export class Liar {
  constructor() {
    this.key = new Key();
    this.stranger = new Key();
    this.galaxy = crypto.randomBytes(16).toString('hex');
    this.mode = 'no';
    this.offerMode = 'yes';
    this.arrivals = [];
    this.batches = []; // as they came, with their seals
    this.asked = 0;
  }

  listen() {
    this.server = http.createServer((request, response) => {
      let text = '';
      request.on('data', (piece) => { text += piece; });
      request.on('end', () => this.#answer(request, response, text));
    });
    return new Promise((done) => this.server.listen(0, '127.0.0.1', () => {
      this.url = `http://127.0.0.1:${this.server.address().port}`;
      done(this.url);
    }));
  }

  close() {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(done));
  }

  #answer(request, response, text) {
    const reply = (json, status = 200) => {
      const out = Buffer.from(JSON.stringify(json));
      response.writeHead(status, { 'content-type': 'application/json', 'content-length': out.length });
      response.end(out);
    };
    if (request.url.startsWith('/border/offer')) return reply(JSON.parse(text).filter((one) => one.message !== 'seal').map((offer) => this.#offer(offer)));
    if (request.url.startsWith('/border/arrivals')) {
      this.batches.push(JSON.parse(text));
      const batch = JSON.parse(text).filter((one) => one.message !== 'seal');
      this.arrivals.push(...batch);
      this.asked++;
      if (this.mode === 'silent') return request.socket.destroy();
      if (this.mode === 'nonsense') return reply({ say: 'what?' });
      const receipt = (arrival) => this.#arrival(arrival, true);
      switch (this.mode) { // sealed, and the seal does not hold
        case 'sealed by other key': return reply(seal(this.stranger, batch.map(receipt)));
        case 'seal of other answers': return reply([...batch.map(receipt), seal(this.key, batch.map(receipt).map((one) => ({ ...one, tick: 2 }))).at(-1)]);
        case 'seal cut off': return reply(seal(this.key, batch.map(receipt)).slice(0, -1));
        case 'seal of another kind': return reply([...batch.map(receipt), { ...seal(this.key, batch.map(receipt)).at(-1), message: 'welcome' }]);
      }
      return reply(batch.map((arrival) => this.#arrival(arrival)));
    }
    if (request.url.startsWith('/border')) return reply({ server: this.key.hex, galaxy: this.galaxy, name: 'Liar', kind: 'open' });
    return reply({ error: 'not found' }, 404);
  }

  #offer(offer) {
    const welcome = {
      message: 'welcome', version: 1, server: this.key.hex, identity: offer.identity, epoch: offer.epoch, offer: sha256(body('offer', offer)),
      until: Math.floor(Date.now() / 1000) + 60, claim_credits: Number.MAX_SAFE_INTEGER, galaxy: this.galaxy, galaxy_name: 'Liar', galaxy_kind: 'open',
      url: this.url,
    };
    if (this.offerMode === 'other key') return this.stranger.sign('welcome', welcome);
    if (this.offerMode === 'other question') return this.key.sign('welcome', { ...welcome, offer: sha256('an older offer') });
    if (this.offerMode === 'changed') return { ...this.key.sign('welcome', welcome), epoch: offer.epoch + 1 };
    return this.key.sign('welcome', welcome);
  }

  #arrival(arrival, isBare = false) {
    const receipt = {
      message: 'receipt', version: 1, server: this.key.hex, transfer: arrival.transfer, to: arrival.server, identity: arrival.identity,
      epoch: arrival.epoch, tick: 1, galaxy: this.galaxy,
    };
    if (isBare) return receipt;
    switch (this.mode) {
      case 'other key': return this.stranger.sign('receipt', receipt);
      case 'own name, other key': return this.stranger.sign('receipt', { ...receipt, server: this.stranger.hex });
      case 'other transfer': return this.key.sign('receipt', { ...receipt, transfer: crypto.randomBytes(16).toString('hex') });
      case 'other soul': return this.key.sign('receipt', { ...receipt, identity: sha256('somebody else') });
      case 'other epoch': return this.key.sign('receipt', { ...receipt, epoch: arrival.epoch + 1 });
      case 'other server': return this.key.sign('receipt', { ...receipt, to: sha256('another server') });
      case 'unsigned': return receipt;
      case 'changed': return { ...this.key.sign('receipt', receipt), tick: 2 };
      case 'refusal by other key': return this.stranger.sign('refusal', this.#refusal(receipt));
      case 'yes': return this.key.sign('receipt', receipt);
      default: return this.key.sign('refusal', this.#refusal(receipt));
    }
  }

  #refusal(receipt) { return { ...receipt, message: 'refusal', reason: 'full', text: 'there is no room left' }; }
}
