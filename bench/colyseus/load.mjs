// Joins a room with many clients, steers them, and counts the patches that come. One JSON line at the end.
//   node load.mjs --port 2567 --clients 1000 --seconds 20
import { Client } from '@colyseus/sdk';
import { option } from './options.mjs';

const port = option('port', 2567), count = option('clients', 1000), seconds = option('seconds', 20);
const client = new Client(`ws://127.0.0.1:${port}`);
let patches = 0, bytes = 0, counting = false;
const gaps = [];

async function join() {
  const room = await client.joinOrCreate('place');
  let last = 0;
  // The patch is counted and left undecoded: the generator must not be what is measured.
  room.connection.events.onmessage = (event) => {
    if (!counting) return;
    const now = performance.now();
    patches++;
    bytes += event.data.byteLength;
    if (last) gaps.push(now - last);
    last = now;
  };
  return room;
}

const rooms = [];
for (let i = 0; i < count; i += 20) {
  rooms.push(...await Promise.all(Array.from({ length: Math.min(20, count - i) }, join)));
}
console.log(JSON.stringify({ joined: rooms.length }));
const steer = setInterval(() => { for (const room of rooms) if (Math.random() < 0.05) room.send('helm', Math.random() * 2 - 1); }, 100);
await new Promise((done) => setTimeout(done, 3000));
counting = true;
const before = process.cpuUsage();
console.log(JSON.stringify({ counting: true }));
await new Promise((done) => setTimeout(done, seconds * 1000));
counting = false;
const used = process.cpuUsage(before);
clearInterval(steer);
gaps.sort((a, b) => a - b);
console.log(JSON.stringify({
  clients: rooms.length, seconds, patches, bytes_per_patch: bytes / Math.max(1, patches),
  load_cores: (used.user + used.system) / 1e6 / seconds,
  gap_p50_ms: gaps[gaps.length >> 1] ?? null, gap_p99_ms: gaps[Math.floor(gaps.length * 0.99)] ?? null,
}));
process.exit(0);
