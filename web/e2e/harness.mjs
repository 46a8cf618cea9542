// What the browser stories share: servers of their own, a Chromium, pages, steps that are counted.
//
// Needs build/release/bin/infinity (or INFINITY=path) and web/dist (or INFINITY_WEB=folder). Screenshots are kept in tests/out/e2e.
import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const pictures = join(root, 'tests/out/e2e');
export const program = process.env.INFINITY ?? join(root, 'build/release/bin/infinity');
export const PATIENCE_MS = 180_000; // slow machines draw slowly; the game itself needs some 80 s to cruise
export const count = { passed: 0, failed: 0 };
const pages = []; // whose pictures tell why a step failed

export async function step(name, run) {
  const began = Date.now();
  try {
    await run();
    count.passed++;
    console.log(`ok    ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
    return true;
  } catch (error) {
    count.failed++;
    console.log(`FAILED ${name}: ${String(error.message ?? error).split('\n')[0]}`);
    for (const [i, page] of pages.filter((p) => !p.isClosed()).entries()) await page.screenshot({ path: join(pictures, `failed-${count.failed}-${i}.png`), timeout: 10_000 }).catch(() => undefined);
    return false;
  }
}

export function must(condition, text) {
  if (!condition) throw new Error(text);
}

/** Starts a galaxy in `folder` and waits for its address. @param conf lines of infinity.conf, @param more arguments of serve */
export async function startServer(folder, conf = 'minds = 1000\n', more = []) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'infinity.conf'), conf);
  const server = spawn(program, ['serve', '--json', '--galaxy', folder, '--port', '0', '--web', process.env.INFINITY_WEB ?? join(root, 'web/dist'), ...more], { stdio: ['ignore', 'pipe', 'pipe'] });
  const log = [];
  createInterface({ input: server.stderr }).on('line', (line) => { log.push(line); if (log.length > 60) log.shift(); });
  const address = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the server did not start in time\n${log.join('\n')}`)), 60_000);
    createInterface({ input: server.stdout }).on('line', (line) => {
      try {
        const greeting = JSON.parse(line);
        if (greeting.address) {
          clearTimeout(timer);
          resolve(greeting.address);
        }
      } catch { /* a line for people */ }
    });
    server.once('exit', (code) => reject(new Error(`the server ended with code ${code}\n${log.join('\n')}`)));
  });
  return {
    address, log, folder, pause: () => server.kill('SIGSTOP'), resume: () => server.kill('SIGCONT'),
    stop: () => new Promise((resolve) => { server.once('exit', resolve); server.kill('SIGTERM'); setTimeout(() => server.kill('SIGKILL'), 15_000).unref(); }),
  };
}

/** What the host does, on the galaxy's admin socket. A refusal is thrown with its reason. */
export function host(server, method, path, body) {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const ask = request({ socketPath: join(server.folder, 'admin.sock'), method, path, headers: { host: 'localhost', ...(text ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) } : {}) } }, (answer) => {
      const parts = [];
      answer.on('data', (d) => parts.push(d));
      answer.on('end', () => {
        const said = Buffer.concat(parts).toString();
        let data;
        try {
          data = JSON.parse(said);
        } catch {
          reject(new Error(`${path}: ${answer.statusCode} ${said.slice(0, 200)}`));
          return;
        }
        if (answer.statusCode === 200) resolve(data);
        else reject(new Error(`${path}: ${answer.statusCode} ${data.reason ?? said}`));
      });
    });
    ask.on('error', reject);
    ask.end(text);
  });
}

export function checkBuilt() {
  if (!existsSync(program)) throw new Error(`${program} is missing: run make native`);
  if (!existsSync(join(root, 'web/dist/index.html'))) throw new Error('web/dist is missing: run make web');
  mkdirSync(pictures, { recursive: true });
}

export const startBrowser = () => chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--headless', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic'],
});

export async function open(browser, address, width, height) {
  const context = await browser.newContext({ viewport: { width, height } });
  const page = await context.newPage();
  pages.push(page);
  page.problems = [];
  page.on('pageerror', (e) => page.problems.push(e.message));
  page.on('console', (m) => { if (m.type() === 'error') page.problems.push(m.text()); });
  await page.goto(address);
  return page;
}

export const shot = (page, name) => page.screenshot({ path: join(pictures, `${name}.png`) });
/** The same page on a phone: a picture, and nothing that sticks out to the right. */
export async function shotPhone(page, name) {
  const before = page.viewportSize();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.waitForTimeout(900);
  await shot(page, `${name}-phone`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  await page.setViewportSize(before);
  await page.waitForTimeout(300);
  must(wide <= 390, `${name} is ${wide} pixels wide on a phone of 390`);
}
/** Soon, or it fails with these words: the page draws what it was told a moment later. */
export const soon = (page, text, run, argument) => until(page, run, argument, 20_000).catch(() => { throw new Error(text); });
export const goneSoon = (page, selector, text) => soon(page, text, (s) => document.querySelector(s) === null, selector);
export const until = (page, run, argument, timeout = PATIENCE_MS) => page.waitForFunction(run, argument, { timeout, polling: 250 });
export const read = (page, run, argument) => page.evaluate(run, argument);
/** The scene has the focus, as after a click into it. */
export const toScene = (page) => page.locator('#view').focus();

export async function enter(page, tag) {
  await until(page, () => window.infinity?.link.value === 'open');
  await page.locator('#tag').focus();
  await page.keyboard.type(tag);
  await page.keyboard.press('Enter');
  await until(page, () => window.infinity.signedIn.value && window.infinity.self.value !== null);
}

/** Settings of a galaxy whose border is open to others on this machine. */
export const BORDER = 'border = open\nborder_private = all\nborder_retry_ms = 100\nborder_claim_max = 1000000\n';
export const ask = (server, path, body) => host(server, 'POST', `/api/souls/${path}`, body);
export const look = (server, soul) => host(server, 'GET', `/api/soul?soul=${soul}`);

export async function poll(run, what, ms = 120_000) {
  const end = Date.now() + ms;
  for (let last; ;) {
    last = await run();
    if (last) return last;
    if (Date.now() > end) throw new Error(`${what} did not happen in ${ms / 1000} s`);
    await new Promise((resolve) => { setTimeout(resolve, 400); });
  }
}

/** Opens the page of a soul by its link, as somebody would who was given it. */
export async function openSoul(page, soul) {
  await read(page, (id) => { location.hash = `#soul=${id}`; }, soul);
  await until(page, (id) => document.querySelector('#panel-soul .soul-name') !== null && location.hash === `#soul=${id}`, soul, 30_000);
}

export async function waitText(page, selector, pattern, ms = 60_000) {
  await until(page, ([s, p]) => [...document.querySelectorAll(s)].some((e) => new RegExp(p).test(e.textContent)), [selector, pattern], ms)
    .catch((error) => { throw new Error(`${selector} does not say ${pattern}: ${error.message}`); });
}

/** A key of one's own: what the server gets of it, and the file that a browser signs in with. */
export function drawKey(folder, name) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const jwk = privateKey.export({ format: 'jwk' }), file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify({ what: 'a key', tag: '', jwk }));
  return { file, hex: publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex') };
}

/** Signs in with a key from a file. */
export const useKey = async (page, file) => {
  await until(page, () => window.infinity?.link.value === 'open');
  await page.getByLabel('Recovery file').setInputFiles(file);
  await until(page, () => window.infinity.signedIn.value && window.infinity.self.value !== null);
};
/** Presses Sign on the card that is there. */
export const sign = (page) => page.locator('.signing').getByRole('button', { name: 'Sign', exact: true }).click();
/** Opens a form if it is closed. */
export async function openForm(page, form) {
  const button = page.locator('.soul-acts .orders').getByRole('button', { name: form, exact: true });
  if (await button.getAttribute('aria-pressed') !== 'true') await button.click();
}
/** What came of an act. */
export const outcome = (page, pattern, ms) => waitText(page, '.act-form [role=alert]', pattern, ms);
export const noCards = (page) => until(page, () => document.querySelectorAll('.ask').length === 0, undefined, 20_000);

/** Runs a story and ends the process with its count. */
export async function tell(story) {
  try {
    checkBuilt();
    await story();
  } catch (error) {
    count.failed++;
    console.log(`FAILED ${String(error.message ?? error)}`);
  }
  console.log(`${count.passed} passed, ${count.failed} failed`);
  process.exit(count.failed === 0 ? 0 : 1);
}
