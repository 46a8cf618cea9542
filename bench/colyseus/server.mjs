// The peer: a Colyseus room with the same work as a hot place of Infinity. Ships move, a client steers its own, and each
// client's StateView holds the nearest 50. Prints one JSON line when it listens.
//   node server.mjs --port 2567 --hz 10 --near 50
import { createServer } from 'node:http';
import { Room, Server } from '@colyseus/core';
import { MapSchema, StateView, schema, t } from '@colyseus/schema';
import { WebSocketTransport } from '@colyseus/ws-transport';
import { option } from './options.mjs';

const port = option('port', 2567), hz = option('hz', 10), near = option('near', 50);
const SPREAD_M = 20000, CELL_M = 2500;

const Ship = schema({
  x: t.int32(), y: t.int32(), z: t.int32(), vx: t.int16(), vy: t.int16(), vz: t.int16(), attitude: t.uint32(),
  shield: t.uint8(), hull: t.uint8(), state: t.uint8(),
}, 'Ship');
const Place = schema({ ships: t.map(Ship).view() }, 'Place');

let ticks = 0, tickMs = 0, worstMs = 0;

/** Ships by cell, so that the nearest are found among neighbours. */
function makeGrid(ships) {
  const grid = new Map();
  for (const ship of ships) {
    const key = cellKey(Math.floor(ship.at[0] / CELL_M), Math.floor(ship.at[1] / CELL_M), Math.floor(ship.at[2] / CELL_M));
    const cell = grid.get(key);
    if (cell) cell.push(ship); else grid.set(key, [ship]);
  }
  return grid;
}
const cellKey = (x, y, z) => (x + 512) * 1048576 + (y + 512) * 1024 + (z + 512);

function nearest(grid, from) {
  const [cx, cy, cz] = from.at.map((m) => Math.floor(m / CELL_M));
  const found = [];
  for (let r = 0; r < 16 && found.length < near * 2; r++) {
    for (let x = cx - r; x <= cx + r; x++) for (let y = cy - r; y <= cy + r; y++) for (let z = cz - r; z <= cz + r; z++) {
      if (Math.max(Math.abs(x - cx), Math.abs(y - cy), Math.abs(z - cz)) !== r) continue;
      for (const ship of grid.get(cellKey(x, y, z)) ?? []) {
        found.push([(ship.at[0] - from.at[0]) ** 2 + (ship.at[1] - from.at[1]) ** 2 + (ship.at[2] - from.at[2]) ** 2, ship]);
      }
    }
  }
  return found.sort((a, b) => a[0] - b[0]).slice(0, near).map((pair) => pair[1]);
}

class PlaceRoom extends Room {
  onCreate() {
    this.state = new Place();
    this.state.ships = new MapSchema();
    this.ships = new Map();
    this.patchRate = 1000 / hz;
    this.maxClients = 100000;
    this.autoDispose = false;
    this.onMessage('helm', (client, turn) => {
      const ship = this.ships.get(client.sessionId);
      if (ship && Number.isFinite(turn)) ship.turn = Math.max(-1, Math.min(1, turn));
    });
    this.setSimulationInterval(() => this.tick(), 1000 / hz);
  }

  onJoin(client) {
    const row = new Ship();
    const ship = {
      row, at: [0, 1, 2].map(() => (Math.random() - 0.5) * SPREAD_M), heading: Math.random() * 6.28, turn: 0.2,
      speed: 100 + Math.random() * 200, seen: new Set(),
    };
    row.shield = row.hull = 255;
    this.state.ships.set(client.sessionId, row);
    client.view = new StateView();
    this.ships.set(client.sessionId, ship);
  }

  onLeave(client) {
    this.state.ships.delete(client.sessionId);
    this.ships.delete(client.sessionId);
  }

  tick() {
    const begin = performance.now();
    for (const ship of this.ships.values()) {
      ship.heading += ship.turn / hz;
      const vx = Math.cos(ship.heading) * ship.speed, vz = Math.sin(ship.heading) * ship.speed;
      ship.at[0] += vx / hz;
      ship.at[2] += vz / hz;
      const row = ship.row;
      row.x = Math.round(ship.at[0] * 32); row.y = Math.round(ship.at[1] * 32); row.z = Math.round(ship.at[2] * 32);
      row.vx = Math.round(vx * 16); row.vz = Math.round(vz * 16);
      row.attitude = Math.round((ship.heading % 6.28) * 1e8) >>> 0;
    }
    // Who sees whom is looked at once a second, spread over the ticks: less than Infinity does.
    const grid = makeGrid(this.ships.values());
    let i = 0;
    for (const client of this.clients) {
      if (i++ % hz !== ticks % hz && this.ships.get(client.sessionId)?.seen.size) continue;
      this.look(client, grid);
    }
    const spent = performance.now() - begin;
    ticks++;
    tickMs += spent;
    worstMs = Math.max(worstMs, spent);
  }

  look(client, grid) {
    const ship = this.ships.get(client.sessionId);
    if (!ship) return;
    const seen = new Set(nearest(grid, ship));
    for (const other of ship.seen) if (!seen.has(other)) client.view.remove(other.row);
    for (const other of seen) if (!ship.seen.has(other)) client.view.add(other.row);
    ship.seen = seen;
  }
}

const http = createServer();
const server = new Server({ greet: false, transport: new WebSocketTransport({ server: http, perMessageDeflate: false }) });
server.define('place', PlaceRoom);
await server.listen(port, '127.0.0.1');
console.log(JSON.stringify({ listening: http.address().port }));
process.on('SIGTERM', () => process.exit(0));
