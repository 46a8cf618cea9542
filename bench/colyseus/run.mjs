// Colyseus and Infinity side by side, in one run: CPU of the server per delivered update, and the largest number of clients
// that each holds at 10 Hz (at least 99 % of the updates delivered, gap p99 at most 160 ms), found by steps. Each on the same
// two processors with its load generator beside it. Last line: one JSON object.
// It ends within --limit seconds: the peer's search has the first half of them, and no attempt is begun that may not end in time.
//   run --bench ../../build/release/bin/infinity-bench [--seconds 8] [--quick] [--limit 400] [--colyseus 500,1000] [--infinity 500,8825]
import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { flag, option, word } from './options.mjs';

const seconds = option('seconds', 8), hz = 10, quick = flag('quick');
const program = word('bench', '../../build/release/bin/infinity-bench');
const TICKS_PER_S = 100; // of /proc/PID/stat
const limit = option('limit', 400) * 1000, begun = Date.now();

/** The steps given as --name N,N, or the default. */
const steps = (name, otherwise) => (word(name, '') ? word(name, '').split(',').map(Number) : otherwise);
const holds = (row) => row.delivered >= 0.99 && row.gap_p99_ms <= 160;

// ---- Colyseus -----------------------------------------------------------------------------------------------------

function start(file, ...args) {
  const child = spawn(process.execPath, [new URL(file, import.meta.url).pathname, ...args.map(String)],
    { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (wanted) => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${file} ended before it said ${wanted}`);
      const said = JSON.parse(value);
      if (wanted in said) return said;
    }
  };
  return { child, next };
}

function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
}

async function measureColyseus(clients) {
  const server = start('server.mjs', '--port', 0, '--hz', hz);
  try {
    const { listening } = await server.next('listening');
    const load = start('load.mjs', '--port', listening, '--clients', clients, '--seconds', seconds);
    try {
      await load.next('counting');
      const before = cpuSeconds(server.child.pid);
      const result = await load.next('patches');
      const cpu = cpuSeconds(server.child.pid) - before;
      // Of a window that begins anywhere, one update may fall outside without being lost.
      const delivered = Math.min(1, result.patches / (clients * (hz * seconds - 1)));
      const row = { clients, delivered, gap_p99_ms: result.gap_p99_ms, cpu_us_per_update: (cpu / Math.max(1, result.patches)) * 1e6,
        cores: cpu / seconds, load_cores: result.load_cores, bytes_per_update: result.bytes_per_patch };
      return { ...row, holds: holds(row) };
    } finally { load.child.kill('SIGKILL'); }
  } finally { server.child.kill('SIGKILL'); }
}

// ---- Infinity -----------------------------------------------------------------------------------------------------

function measureInfinity(clients) {
  const args = ['battle', '--move', '--clients', clients, '--seconds', seconds, '--settle', 5].map(String);
  return new Promise((resolve, reject) => {
    execFile(program, args, { timeout: 120000, killSignal: 'SIGTERM' }, (error, out, said) => {
      const line = out.trim().split('\n').at(-1) ?? '';
      if (error || !line.startsWith('{')) return reject(new Error(`infinity-bench battle: ${said.trim().split('\n').at(-1)}`));
      const r = JSON.parse(line);
      const row = { clients, delivered: r.delivered, gap_p99_ms: r.gap_p99_ms, cpu_us_per_update: r.cpu_us_per_snapshot,
        cores: r.server_cores, load_cores: r.load_cores, bytes_per_update: r.bytes_per_tick };
      resolve({ ...row, holds: holds(row) });
    });
  });
}

// ---- the search ---------------------------------------------------------------------------------------------------

async function attempt(measure, clients, rows) {
  let row;
  try {
    row = await measure(clients);
  } catch (error) { // more than it can take at all
    row = { clients, delivered: 0, gap_p99_ms: 0, cpu_us_per_update: 0, cores: 0, bytes_per_update: 0, holds: false };
    console.error(String(error.message));
  }
  rows.push(row);
  console.error(JSON.stringify(row));
  return row.holds;
}

/** Up through the steps while they are held; two failures end it, and so does the want of time: larger crowds take longer. */
async function search(measure, steps, untilMs) {
  const rows = [];
  let failures = 0, lastMs = 0;
  for (const clients of steps) {
    const atMs = Date.now();
    const needsMs = Math.max(1.25 * lastMs, clients > 5000 ? 60000 : 0);
    if (rows.length > 0 && atMs - begun + needsMs > untilMs) {
      console.error(`no time is left for ${clients} clients and more`);
      break;
    }
    failures = await attempt(measure, clients, rows) ? 0 : failures + 1;
    lastMs = Date.now() - atMs;
    if (failures === 2) break;
  }
  return rows;
}

const largest = (rows) => rows.filter((row) => row.holds).reduce((most, row) => (row.clients > most.clients ? row : most), { clients: 0 });

const colyseus = await search(measureColyseus, steps('colyseus', quick ? [500] : [250, 500, 750, 1000, 1250, 1500, 1750, 2000]), limit / 2);
const held = largest(colyseus);
const same = held.clients || colyseus[0].clients; // CPU is compared at the largest number that the peer holds
const peer = colyseus.find((row) => row.clients === same);
let infinity = await search(measureInfinity, steps('infinity', quick ? [same, 8 * same] : [same, 8825, 10000, 12000]), limit);
if (!quick && !flag('infinity') && largest(infinity).clients <= same) infinity = infinity.concat(await search(measureInfinity, [7000, 5000], limit));
const ours = infinity.find((row) => row.clients === same);
const heldByUs = largest(infinity).clients;
console.log(JSON.stringify({
  at_clients: same, colyseus_cpu_us_per_update: peer.cpu_us_per_update, infinity_cpu_us_per_update: ours?.cpu_us_per_update,
  cpu_ratio: ours?.cpu_us_per_update > 0 ? peer.cpu_us_per_update / ours.cpu_us_per_update : null,
  colyseus_held: held.clients, infinity_held: heldByUs, held_ratio: held.clients ? heldByUs / held.clients : null, colyseus, infinity,
}));
process.exit(0);
