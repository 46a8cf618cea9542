// How a soul that keeps its own key leaves, in a real Chromium against two real servers: into a file by its own mandate, and
// woken from it; for another galaxy, where it flies on. Its page says where it is meanwhile, and what to do.
//
//   node e2e/leaving.mjs   (npm run e2e runs it with the others)
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BORDER, drawKey, enter, host, look, must, open, openForm, openSoul, read, shot, shotPhone, sign, startBrowser, startServer, step, tell, toScene, until, useKey, waitText } from './harness.mjs';

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'infinity-leaving-'));
  const servers = [];
  let browser;
  const start = async (name) => {
    const server = await startServer(join(folder, name), `minds = 20\ntick_ms = 40\n${BORDER}`);
    servers.push(server);
    return server;
  };
  try {
    const [home, far] = await Promise.all([start('home'), start('far')]);
    browser = await startBrowser();
    await play(browser, home, far, folder);
  } finally {
    await browser?.close();
    await Promise.all(servers.map((s) => s.stop()));
    rmSync(folder, { recursive: true, force: true });
  }
}

async function play(browser, home, far, folder) {
  const key = drawKey(folder, 'rook');
  const rook = (await host(home, 'POST', '/api/minds', { name: 'Rook', key: key.hex, credits: 9000 })).soul;
  const page = await open(browser, home.address, 1280, 800);
  await useKey(page, key.file);
  let document;
  await step('into a file by its own mandate, and woken from it', async () => {
    await openSoul(page, rook);
    await openForm(page, 'Into a file');
    await page.getByRole('button', { name: /^Into a file for/ }).click();
    await waitText(page, '.signing', 'you leave into a file');
    await shot(page, 'leaving-1-file');
    const [file] = await Promise.all([page.waitForEvent('download'), sign(page)]);
    document = join(folder, 'rook.soul');
    await file.saveAs(document);
    must(JSON.parse(readFileSync(document, 'utf8')).way === 'file', 'the file is no soul');
    await waitText(page, '.departed', 'You are in a file');
    await shot(page, 'leaving-2-away');
    await shotPhone(page, 'leaving-2-away');
    await page.locator('.departed input[type=file]').setInputFiles(document);
    await until(page, () => document.querySelector('.departed') === null && document.querySelector('.shipbar') !== null, undefined, 30_000);
    must((await look(home, rook)).alive, 'it does not live');
    await page.waitForTimeout(1500);
    await shot(page, 'leaving-3-woken');
    await page.reload(); // a soul without a tag is known by its name in this browser
    await until(page, () => document.querySelector('#tag')?.value === 'Rook');
    await page.locator('#tag').press('Enter');
    await until(page, () => window.infinity.signedIn.value && window.infinity.self.value !== null);
  });
  await step('a player leaves for another galaxy, and flies on there', async () => {
    const player = await open(browser, home.address, 1280, 800);
    await enter(player, 'Kestrel');
    await toScene(player);
    await player.keyboard.press('KeyS');
    await openForm(player, 'Leave');
    await shot(player, 'leaving-4-leave');
    await player.locator('#cut-to').fill(far.address);
    await player.getByRole('button', { name: /^Leave for/ }).click();
    await waitText(player, '.signing', 'you leave with all');
    await shot(player, 'leaving-5-mandate');
    await sign(player);
    await waitText(player, '.departed', 'You live in another galaxy', 60_000);
    await waitText(player, '.departed .steps .done', 'received');
    await shot(player, 'leaving-6-gone');
    await shotPhone(player, 'leaving-6-gone');
    const [file] = await Promise.all([player.waitForEvent('download'), player.getByRole('button', { name: 'Save the recovery file' }).click()]);
    must(await player.locator('.departed a').getAttribute('href') === far.address, 'no way there is shown');
    const there = await open(browser, far.address, 1000, 700);
    await useKey(there, await file.path());
    must(await read(there, () => window.infinity.self.value.tag) === 'Kestrel', 'it is not known there');
    await toScene(there);
    await there.keyboard.press('KeyS');
    await waitText(there, '.lineage', 'arrived');
    await shot(there, 'leaving-7-there');
    must(there.problems.length === 0 && player.problems.length === 0, [...there.problems, ...player.problems].join(' | '));
  });
  await step('no error in the page', async () => must(page.problems.length === 0, page.problems.slice(0, 3).join(' | ')));
}

await tell(main);
