// How many souls a second go from one real server to another on loopback: all minds of a galaxy that agree and stand in a
// station are told to leave at once; the time runs from the first departure's request to the last receipt.
//
//     INF_BIN=build/release/bin node tests/border/rate.mjs [MINDS]
//
// Prints one JSON object.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import http from 'node:http';
import { Galaxy, sleep } from './galaxy.mjs';

const minds = Number(process.argv[2] ?? 4000);
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'inf-rate-'));
const program = path.join(process.env.INF_BIN, 'infinity');
const from = await Galaxy.make({ program, folder: path.join(work, 'from'), name: 'From', seed: 21, minds });
const to = await Galaxy.make({ program, folder: path.join(work, 'to'), name: 'To', seed: 22, minds });
const agent = new http.Agent({ keepAlive: true, maxSockets: 1000 });
const post = (galaxy, path_, body) => new Promise((done) => {
  const text = JSON.stringify(body);
  const request = http.request({ socketPath: path.join(galaxy.folder, 'admin.sock'), method: 'POST', path: path_, agent,
    headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), host: 'localhost' } }, (answer) => {
    let got = '';
    answer.on('data', (piece) => { got += piece; });
    answer.on('end', () => done({ status: answer.statusCode, text: got }));
  });
  request.on('error', () => done({ status: 0 }));
  request.end(text);
});
const count = async (galaxy, name) => {
  const answer = await galaxy.host('GET', '/metrics');
  return Number(new RegExp(`^\\S*${name}\\S* (\\d+)`, 'm').exec(answer.text ?? '')?.[1] ?? 0);
};
try {
  for (const galaxy of [from, to]) await galaxy.start();
  from.peers = [to.key];
  to.peers = [from.key];
  for (const galaxy of [from, to]) { await galaxy.kill('SIGTERM'); await galaxy.start(); }
  const souls = (await from.souls()).filter((soul) => soul.docked);
  const cpu = (galaxy) => fs.readFileSync(`/proc/${galaxy.child.pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13).reduce((a, b) => a + Number(b), 0) * 10;
  const cpuBefore = [cpu(from), cpu(to)];
  const started = performance.now();
  const answers = await Promise.all(souls.map((soul) => post(from, '/api/souls/cut', { soul: String(soul.soul), to: to.direct, wait_s: 0 })));
  const left = answers.filter((answer) => answer.status === 200).length;
  const leftMs = performance.now() - started;
  let arrived = 0;
  while (arrived < left && performance.now() - started < 120000) { arrived = await count(to, 'border_arrived'); await sleep(10); }
  const ms = performance.now() - started;
  const reasons = {};
  for (const answer of answers) if (answer.status !== 200) reasons[answer.status] = (reasons[answer.status] ?? 0) + 1;
  console.log(JSON.stringify({ asked: souls.length, cuts: left, arrived, seconds: ms / 1000, left_seconds: leftMs / 1000, cuts_per_s_servers: arrived / (ms / 1000), refused: reasons,
    cpu_ms_source: cpu(from) - cpuBefore[0], cpu_ms_destination: cpu(to) - cpuBefore[1] }));
} finally {
  agent.destroy();
  await from.close();
  await to.close();
  fs.rmSync(work, { recursive: true, force: true });
}
