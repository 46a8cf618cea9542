// A real `infinity serve` in a folder of its own behind a bad road, for tests: started, killed, started again, asked.
//
//     const galaxy = await Galaxy.make({program, folder, seed, minds}); await galaxy.start(); await galaxy.host('POST', '/api/souls/cut', {…});
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { Proxy } from './proxy.mjs';

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export function freePort() {
  return new Promise((done, fail) => {
    const server = net.createServer();
    server.on('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/** {status, json}; status 0 when there was no whole answer. */
export function ask(options, method, path_, body, timeoutMs = 10000) {
  return new Promise((done) => {
    const text = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body);
    const headers = { accept: 'application/json', connection: 'close', host: 'localhost' };
    if (text !== null) Object.assign(headers, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    const request = http.request({ ...options, method, path: path_, headers, agent: false, timeout: timeoutMs }, (answer) => {
      let got = '';
      answer.setEncoding('utf8');
      answer.on('data', (piece) => { got += piece; });
      answer.on('error', () => done({ status: 0, json: null }));
      answer.on('end', () => {
        try {
          done({ status: answer.statusCode, json: JSON.parse(got) });
        } catch {
          done({ status: answer.statusCode, json: null, text: got });
        }
      });
    });
    request.on('error', () => done({ status: 0, json: null }));
    request.on('timeout', () => request.destroy());
    request.end(text ?? undefined);
  });
}

export class Galaxy {
  /** Its folder, ports and road; nothing runs yet. */
  static async make({ program, folder, name, seed, minds = 20, rates, settings = {}, serve = [] }) {
    const galaxy = new Galaxy();
    Object.assign(galaxy, { program, folder, name, seed, minds, settings, serve, starts: 0, deaths: 0, killedAt: {} });
    fs.mkdirSync(folder, { recursive: true });
    galaxy.port = await freePort();
    galaxy.road = new Proxy({ seed: BigInt(seed) * 7919n + 1n, target: galaxy.port, rates });
    galaxy.road.calm();
    galaxy.url = `http://127.0.0.1:${await galaxy.road.listen()}`;
    galaxy.direct = `http://127.0.0.1:${galaxy.port}`;
    galaxy.peers = [];
    return galaxy;
  }

  writeSettings() {
    const settings = {
      name: this.name, seed: this.seed, minds: this.minds, port: this.port, border: 'peers', border_peers: this.peers.join(' '),
      border_url: this.url, border_private: 'all', border_retry_ms: 40, snapshot_minutes: 1, threads: 1, ...this.settings,
    };
    fs.writeFileSync(path.join(this.folder, 'infinity.conf'), Object.entries(settings).map(([key, value]) => `${key} = ${value}\n`).join(''));
  }

  /** Up, and asked for its key once. @param killAt  "point:n" of INFINITY_KILL_AT, or nothing */
  async start(killAt) {
    this.writeSettings();
    const log = fs.openSync(`${this.folder}.log`, 'a');
    const env = { ...process.env };
    delete env.INFINITY_KILL_AT;
    if (killAt) env.INFINITY_KILL_AT = killAt;
    const child = spawn(this.program, ['serve', '--galaxy', this.folder, '--port', String(this.port), ...this.serve],
      { stdio: ['ignore', log, log], env });
    fs.closeSync(log);
    this.child = child;
    this.isUp = false;
    this.starts++;
    this.gone = new Promise((done) => child.on('exit', (code, signal) => {
      this.isUp = false;
      this.exit = { code, signal };
      done(this.exit);
    }));
    for (let i = 0; i < 3000; i++) {
      if (child.exitCode !== null || child.signalCode !== null) return false;
      const answer = await this.host('GET', '/border', undefined, 2000);
      if (answer.status === 200) {
        this.key = answer.json.server;
        this.isUp = true;
        return true;
      }
      await sleep(20);
    }
    throw new Error(`${this.name} does not come up; see ${this.folder}.log`);
  }

  async kill(signal = 'SIGKILL') {
    if (this.child && this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill(signal);
      this.deaths++;
    }
    if (this.gone) await this.gone;
  }

  /** As the host: over the admin socket. */
  host(method, path_, body, timeoutMs) {
    return ask({ socketPath: path.join(this.folder, 'admin.sock') }, method, path_, body, timeoutMs);
  }

  /** As anybody: over its port, past the bad road. */
  anybody(method, path_, body, timeoutMs) {
    return ask({ host: '127.0.0.1', port: this.port }, method, path_, body, timeoutMs);
  }

  /** All who live here. */
  async souls() {
    const all = [];
    for (let cursor = '0', page = 0; page < 1000; page++) {
      const answer = await this.host('GET', `/api/souls?cursor=${cursor}`);
      if (answer.status !== 200) return null;
      all.push(...answer.json.souls);
      cursor = String(answer.json.next);
      if (cursor === '0') break;
    }
    return all;
  }

  async close() {
    await this.kill();
    await this.road.close();
  }
}
