// What tests of the border at real servers share: a folder, galaxies in it, checks that are counted, and an end.
//
//     const stage = new Stage('relay'), { check } = stage;
//     const home = await stage.make('Home', 41);
//     await stage.play(async () => { await stage.startAsPeers(); check(…, 'what is wrong if not'); });
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Galaxy, sleep } from './galaxy.mjs';
import { WILLING } from './own_key.mjs';

export async function until(what, ms = 30000) {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(50)) {
    const value = await what();
    if (value) return value;
  }
  return null;
}

export class Stage {
  constructor(name) {
    this.bin = process.env.INF_BIN;
    if (!this.bin) throw new Error('INF_BIN is the folder of the programs, like build/release/bin');
    this.work = process.env.INF_TEST_DIR ? path.resolve(process.env.INF_TEST_DIR) : fs.mkdtempSync(path.join(os.tmpdir(), `inf-${name}-`));
    fs.rmSync(this.work, { recursive: true, force: true });
    fs.mkdirSync(this.work, { recursive: true });
    Object.assign(this, { program: path.join(this.bin, 'infinity'), galaxies: [], passed: 0, failed: 0, begun: Date.now() });
    this.check = this.check.bind(this);
  }

  check(is, text) {
    if (process.env.INF_SAY) console.log(`${((Date.now() - this.begun) / 1000).toFixed(1)} ${is ? 'ok' : 'NO'} ${text}`.slice(0, 300));
    if (is) this.passed++;
    else { this.failed++; console.log(`FAILED: ${text}`); }
    return Boolean(is);
  }

  async make(name, seed, more = {}) {
    const galaxy = await Galaxy.make({ program: this.program, folder: path.join(this.work, name.toLowerCase()), name, seed, minds: 0,
      ...more, settings: { tick_ms: 50, ...more.settings } });
    this.galaxies.push(galaxy);
    return galaxy;
  }

  /** All are up, and believe each other. */
  async startAsPeers() {
    for (const galaxy of this.galaxies) await galaxy.start();
    for (const galaxy of this.galaxies) {
      galaxy.peers = this.galaxies.filter((one) => one !== galaxy).map((one) => one.key);
      await galaxy.kill('SIGTERM');
      await galaxy.start();
    }
  }

  /** A mind that agrees to nearly everything. @return its id */
  async bear(galaxy, name, credits = 50000) {
    const answer = await galaxy.host('POST', '/api/minds', { name, traits: WILLING, credits }, 30000);
    this.check(answer.status === 200, `${name} is not born: ${JSON.stringify(answer)}`);
    return String(answer.json?.soul);
  }

  /** Everybody is in exactly one place, each credit once. */
  audit(text) {
    const done = spawnSync(path.join(this.bin, 'border_audit'), this.galaxies.map((galaxy) => `${galaxy.key}=${galaxy.folder}`), { encoding: 'utf8' });
    const report = JSON.parse(done.stdout);
    this.check(report.problems.length === 0, `${text}: ${JSON.stringify(report.problems)}`);
    return report;
  }

  /** Ends the process. */
  async play(scene, after) {
    try {
      await scene();
    } catch (error) {
      this.check(false, error.stack);
    } finally {
      for (const galaxy of this.galaxies) await galaxy.close();
      await after?.();
    }
    if (this.failed === 0) fs.rmSync(this.work, { recursive: true, force: true });
    else console.log(`the galaxies stay in ${this.work}`);
    console.log(`${this.passed} passed, ${this.failed} failed`);
    process.exit(this.failed === 0 && this.passed > 0 ? 0 : 1);
  }
}
