// Who stands between two servers: it passes letters on, and so answers with a true server's signatures at an address of its
// own. A server that is known stays where it is known, until it says itself, or our host says, that it is elsewhere.
//
//     INF_BIN=build/release/bin node tests/border/relay.mjs
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { OwnSoul } from './own_key.mjs';
import { Proxy } from './proxy.mjs';
import { Stage, until } from './stage.mjs';

/** Passes every request on to where it points, and the answer back. */
class Relay {
  constructor(port) { Object.assign(this, { port, seen: [] }); }

  listen() {
    this.server = http.createServer((request, response) => {
      this.seen.push(request.url);
      const onward = http.request({ host: '127.0.0.1', port: this.port, method: request.method, path: request.url, headers: request.headers }, (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
      });
      onward.on('error', () => request.socket.destroy());
      request.pipe(onward);
    });
    return new Promise((done) => this.server.listen(0, '127.0.0.1', () => done(this.url = `http://127.0.0.1:${this.server.address().port}`)));
  }

  close() {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(done));
  }
}

const stage = new Stage('relay'), { check } = stage;
const home = await stage.make('Home', 41, { minds: 2 }), other = await stage.make('Other', 42, { minds: 2 });
const relay = new Relay(other.port);

/** The address that home knows of the other galaxy: the newest line. */
function known() {
  const lines = fs.readFileSync(path.join(home.folder, 'neighbours'), 'utf8').split('\n').filter((line) => line.startsWith(other.key));
  return lines.at(-1)?.split(' ')[1];
}

/** Born at home, it orders its own cut to that address. @return the answer, when it lives there */
async function travels(name, url) {
  const soul = new OwnSoul(name);
  const failed = await soul.bear(home) ?? await soul.found(home);
  if (!check(failed === null, `${name} is not founded: ${JSON.stringify(failed)}`)) return;
  const to = { url, self: (await other.host('GET', '/border')).json };
  const answer = await until(async () => {
    const one = await soul.cut(home, to, 2);
    return (one.status !== 409 || !/docked/.test(one.json.reason)) && one;
  }, 60000);
  check(answer?.status === 200, `${name} does not leave for ${url}: ${JSON.stringify(answer)}`);
  check(await until(async () => (await other.host('GET', `/api/souls/lineage?identity=${soul.identity}`)).json?.state === 'here'), `${name} has not arrived`);
}

await stage.play(async () => {
  await relay.listen();
  await stage.startAsPeers();
  await travels('Ana', other.url);
  check(known() === other.url, `the first address is learned: ${known()}`);

  await travels('Bea', relay.url);
  check(relay.seen.some((one) => one.startsWith('/border/offer')), 'the relay was asked');
  check(!relay.seen.some((one) => one.startsWith('/border/arrivals')), 'a soul was handed to the relay');
  check(known() === other.url, `a relay does not move a server that is known: ${known()}`);
  await home.kill();
  await home.start();
  await travels('Cleo', relay.url);
  check(known() === other.url && !relay.seen.some((one) => one.startsWith('/border/arrivals')), 'nor after a restart');

  // The other galaxy moves, and says so itself.
  const road = new Proxy({ seed: 1n, target: other.port });
  road.calm();
  const moved = `http://127.0.0.1:${await road.listen()}`, before = other.url;
  other.settings.border_url = moved;
  await other.kill('SIGTERM');
  await other.start();
  await travels('Dora', moved);
  check(known() === moved, `its own word moves it: ${known()}`);
  await travels('Elsa', before);
  check(known() === moved, `where it is no more is not its word: ${known()}`);

  // The host of home says where it is.
  const mind = await stage.bear(home, 'Mina');
  const answer = await until(async () => {
    const one = await home.host('POST', '/api/souls/cut', { soul: mind, to: relay.url, wait_s: 20 }, 60000);
    return (one.status !== 409 || !/docked/.test(one.json.reason)) && one;
  }, 60000);
  check(answer?.status === 200 && known() === relay.url, `our host's word moves it: ${JSON.stringify(answer)} ${known()}`);
  await until(() => relay.seen.some((one) => one.startsWith('/border/arrivals')));
  await road.close();
}, () => relay.close());
