// A bad road between servers, for tests: an HTTP proxy in front of one server that drops, delays, repeats, reorders and
// halves what passes. It works on whole HTTP messages, so a repeated request really is the same request again, also long
// after its answer. What happens to the n-th request is drawn from the seed; calm() makes the road good.
//
//     const road = new Proxy({seed: 7n, target: 4711}); const port = await road.listen(); … road.counts … await road.close();
import http from 'node:http';

/** splitmix64, as in tests/test.h. */
export class Random {
  constructor(seed) { this.state = BigInt.asUintN(64, BigInt(seed)); }
  u64() {
    this.state = BigInt.asUintN(64, this.state + 0x9e3779b97f4a7c15n);
    let mixed = this.state;
    mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 30n)) * 0xbf58476d1ce4e5b9n);
    mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn);
    return mixed ^ (mixed >> 31n);
  }
  below(limit) { return Number(this.u64() % BigInt(limit)); }
  chance(permille) { return this.below(1000) < permille; }
  pick(list) { return list[this.below(list.length)]; }
}

/** Chances in a thousand; what is left passes as it should. */
export const ROUGH = {
  dropRequest: 50, // the server never gets it
  dropAnswer: 60, // the server has done it, the asker does not hear
  halveRequest: 30, // the connection breaks in the middle of the body
  halveAnswer: 40,
  repeat: 60, // a second time at once, the second answer is lost
  repeatLate: 60, // once more, up to `lateMs` later
  delay: 120,
  reorder: 100, // waits until the next one has gone through, or `reorderMs`
  delayMs: 150, reorderMs: 120, lateMs: 3000,
};

export class Proxy {
  constructor({ seed, target, rates = ROUGH, host = '127.0.0.1' }) {
    this.random = new Random(seed);
    this.target = target;
    this.rates = rates;
    this.host = host;
    this.isCalm = false;
    this.shut = null; // a RegExp: no request to such an address passes
    this.held = [];
    this.timers = new Set();
    this.agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
    this.counts = { requests: 0, passed: 0, dropped: 0, delayed: 0, repeated: 0, reordered: 0, halved: 0, unreached: 0 };
    this.server = http.createServer((request, response) => this.#take(request, response));
    this.server.keepAliveTimeout = 5000;
  }

  listen(port = 0) {
    return new Promise((done, fail) => {
      this.server.on('error', fail);
      this.server.listen(port, this.host, () => done(this.server.address().port));
    });
  }

  calm() { this.isCalm = true; for (const go of this.held.splice(0)) go(); }
  rough() { this.isCalm = false; }

  close() {
    for (const timer of this.timers) clearTimeout(timer);
    for (const go of this.held.splice(0)) go();
    this.server.closeAllConnections();
    this.agent.destroy();
    return new Promise((done) => this.server.close(done));
  }

  #later(ms, go) {
    const timer = setTimeout(() => { this.timers.delete(timer); go(); }, ms);
    this.timers.add(timer);
  }

  /** One fate for each request: the same order of requests gives the same fates. */
  #draw() {
    let roll = this.random.below(1000);
    const ms = this.random.below(1000) / 1000, part = this.random.below(1000) / 1000;
    if (this.isCalm) return { kind: 'pass', ms: 0, part };
    for (const kind of ['dropRequest', 'dropAnswer', 'halveRequest', 'halveAnswer', 'repeat', 'repeatLate', 'delay', 'reorder']) {
      if (roll < this.rates[kind]) return { kind, ms, part };
      roll -= this.rates[kind];
    }
    return { kind: 'pass', ms, part };
  }

  #take(request, response) {
    const pieces = [];
    request.on('error', () => {});
    response.on('error', () => {});
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', () => {
      const message = { method: request.method, path: request.url, headers: { ...request.headers }, body: Buffer.concat(pieces) };
      delete message.headers['transfer-encoding'];
      message.headers['content-length'] = message.body.length;
      this.#meet(message, response);
    });
  }

  #meet(message, response) {
    const { kind, ms, part } = this.#draw();
    this.counts.requests++;
    if (this.shut !== null && this.shut.test(message.path)) {
      this.counts.dropped++;
      response.socket?.destroy();
      return;
    }
    const pass = () => this.#forward(message).then((answer) => this.#answer(response, answer, kind, part));
    switch (kind) {
      case 'dropRequest':
        this.counts.dropped++;
        response.socket?.destroy();
        break;
      case 'halveRequest':
        this.counts.halved++;
        this.#forward(message, Math.floor(message.body.length * part)).then(() => response.socket?.destroy());
        break;
      case 'repeat':
        this.counts.repeated++;
        pass();
        this.#forward(message);
        break;
      case 'repeatLate':
        this.counts.repeated++;
        pass();
        this.#later(ms * this.rates.lateMs, () => this.#forward(message));
        break;
      case 'delay':
        this.counts.delayed++;
        this.#later(ms * this.rates.delayMs, pass);
        break;
      case 'reorder': {
        this.counts.reordered++;
        let gone = false;
        const go = () => { if (!gone) { gone = true; pass(); } };
        this.held.push(go);
        this.#later(this.rates.reorderMs, go);
        return;
      }
      default:
        pass();
    }
    for (const go of this.held.splice(0)) setImmediate(go); // those that waited for this one
  }

  /** To the server. halfBytes: say the whole length, send so many bytes, then break off. Resolves to null when there is no answer. */
  #forward(message, halfBytes = -1) {
    return new Promise((done) => {
      const request = http.request({
        host: this.host, port: this.target, method: message.method, path: message.path, headers: message.headers,
        agent: halfBytes < 0 ? this.agent : false, timeout: 30000,
      }, (answer) => {
        const pieces = [];
        answer.on('data', (piece) => pieces.push(piece));
        answer.on('end', () => done({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(pieces) }));
        answer.on('error', () => done(null));
      });
      request.on('error', () => done(null));
      request.on('timeout', () => request.destroy());
      if (halfBytes < 0) {
        request.end(message.body);
      } else {
        request.write(message.body.subarray(0, halfBytes), () => setTimeout(() => { request.destroy(); done(null); }, 20));
      }
    });
  }

  #answer(response, answer, kind, part) {
    if (answer === null) {
      this.counts.unreached++;
      response.socket?.destroy();
      return;
    }
    if (kind === 'dropAnswer') {
      this.counts.dropped++;
      response.socket?.destroy();
      return;
    }
    const headers = { ...answer.headers };
    delete headers['transfer-encoding'];
    delete headers.connection;
    headers['content-length'] = answer.body.length;
    response.writeHead(answer.status, headers);
    if (kind === 'halveAnswer') {
      this.counts.halved++;
      response.write(answer.body.subarray(0, Math.floor(answer.body.length * part)), () => response.socket?.destroy());
      return;
    }
    this.counts.passed++;
    response.end(answer.body);
  }
}
