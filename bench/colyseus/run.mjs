// Measures the Colyseus room at growing numbers of clients: CPU of its server per delivered update, and the largest
// number that it holds (at least 99 % of the updates delivered, gap p99 at most 160 ms). Last line: one JSON object.
//   npm ci && node_modules/.bin/node run.mjs --seconds 10 --max 4000      (10 Hz, 50 nearest)
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { option } from './options.mjs';

const seconds = option('seconds', 10), max = option('max', 4000), hz = 10;
const TICKS_PER_S = 100; // of /proc/PID/stat

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

async function measure(clients) {
  const port = 2600 + Math.floor(Math.random() * 300);
  const server = start('server.mjs', '--port', port, '--hz', hz);
  try {
    await server.next('listening');
    const load = start('load.mjs', '--port', port, '--clients', clients, '--seconds', seconds);
    try {
      await load.next('counting');
      const before = cpuSeconds(server.child.pid);
      const result = await load.next('patches');
      const cpu = cpuSeconds(server.child.pid) - before;
      const delivered = result.patches / (clients * hz * seconds);
      return { clients, delivered, cpu_us_per_update: (cpu / Math.max(1, result.patches)) * 1e6, cores: cpu / seconds,
        bytes_per_update: result.bytes_per_patch, gap_p99_ms: result.gap_p99_ms };
    } finally { load.child.kill(); }
  } finally { server.child.kill(); }
}

const rows = [];
for (let clients = 100; clients <= max; clients = clients < 1000 ? clients + (clients < 500 ? 400 : 500) : clients + 250) {
  const row = await measure(clients);
  rows.push(row);
  console.error(JSON.stringify(row));
  if (row.delivered < 0.8) break; // far past what it holds
}
const held = rows.filter((row) => row.delivered >= 0.99 && row.gap_p99_ms <= 160);
console.log(JSON.stringify({ peer: 'colyseus', held: held.length ? held[held.length - 1].clients : 0,
  cpu_us_per_update: held.length ? held[held.length - 1].cpu_us_per_update : null, rows }));
process.exit(0);
