// Souls whose key the server does not hold, in a real Chromium against a real server: what is to be signed is shown, signed in
// the page and given back. They are copied and become one; and nothing happens that was signed wrongly, too late, not at all,
// or that was overtaken. How they leave: leaving.mjs.
//
//   node e2e/ownkey.mjs   (npm run e2e runs it with the others)
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask, BORDER, drawKey, host, look, must, noCards, open, openForm, openSoul, outcome, read, shot, shotPhone, sign, soon, startBrowser, startServer, step, tell, toScene, until, useKey, waitText } from './harness.mjs';

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'infinity-ownkey-'));
  let server, browser;
  try {
    server = await startServer(join(folder, 'galaxy'), `minds = 40\ntick_ms = 40\n${BORDER}`);
    browser = await startBrowser();
    await play(browser, server, folder);
  } finally {
    await browser?.close();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function play(browser, home, folder) {
  const key = drawKey(folder, 'rook');
  const rook = (await host(home, 'POST', '/api/minds', { name: 'Rook', key: key.hex, credits: 9000 })).soul;
  const page = await open(browser, home.address, 1280, 800);
  let twinFile, other;

  if (!await step('a soul signs in with its own key, and its page says whose it is', async () => {
    await useKey(page, key.file);
    must(String(await read(page, () => String(window.infinity.self.value.soul))) === rook, 'somebody else was signed in');
    await openSoul(page, rook);
    await waitText(page, '.soul-who', 'by your key');
    must((await look(home, rook)).driven === true, 'the server holds its key');
  })) return;
  await step('a signature that does not hold changes nothing, and is told', async () => {
    await openForm(page, 'Copy');
    await page.locator('#copy-name').fill('Wren');
    await read(page, () => {
      const sign = crypto.subtle.sign.bind(crypto.subtle);
      window.restoreSigning = () => { crypto.subtle.sign = sign; };
      crypto.subtle.sign = async (...all) => {
        const bytes = new Uint8Array(await sign(...all));
        if (new TextDecoder().decode(all[2]).includes('"act":"copied"')) bytes[7] ^= 1;
        return bytes.buffer;
      };
    });
    const money = () => read(page, () => window.infinity.self.value.carried), before = await money();
    await page.getByRole('button', { name: /^Copy for/ }).click();
    await waitText(page, '.signing', 'To be signed with your key');
    await shot(page, 'ownkey-1-paper');
    await shotPhone(page, 'ownkey-1-paper');
    await page.locator('.signing summary').click();
    await waitText(page, '.to-sign', 'infinity-lineage-1');
    await shot(page, 'ownkey-2-text');
    await sign(page);
    await outcome(page, 'did not accept the signature');
    await shot(page, 'ownkey-3-forged');
    await read(page, () => window.restoreSigning());
    await noCards(page);
    const now = await look(home, rook);
    must(!(now.kin ?? []).some((k) => k.name === 'Wren') && before - await money() < 500, 'it was copied, or paid for');
  });
  if (!await step('what is shown is signed, and a copy lives', async () => {
    await page.getByRole('button', { name: /^Copy for/ }).click();
    await sign(page);
    await waitText(page, '.soul-name', '^Wren$');
    await page.waitForTimeout(1500);
    await shot(page, 'ownkey-4-copied');
  })) return;
  await step('a copy with a key of its own: drawn here, saved; and while both keys are here, they become one at once', async () => {
    await openSoul(page, rook);
    await openForm(page, 'Copy');
    await page.locator('#copy-name').fill('Magpie');
    await page.getByLabel(/Whoever has its key/).check();
    await page.getByRole('button', { name: /^Copy for/ }).click();
    const [file] = await Promise.all([page.waitForEvent('download'), sign(page)]);
    twinFile = join(folder, 'magpie.json');
    await file.saveAs(twinFile);
    await waitText(page, '.soul-name', '^Magpie$');
    await openForm(page, 'Become one');
    await page.locator('.act-form').getByRole('button', { name: 'Become one' }).click();
    await waitText(page, '.signing', 'two branches become one');
    await soon(page, 'the card does not have the focus', () => document.activeElement?.textContent === 'Sign');
    await page.keyboard.press('Enter');
    await waitText(page, '.soul-name', '^Rook$');
    await waitText(page, '.lineage', 'merged');
    await shot(page, 'ownkey-5-one');
    must((await look(home, rook)).alive, 'the wrong one lives on');
  });
  await step('refused: who does not sign is not copied, and who asked is told', async () => {
    const heron = drawKey(folder, 'heron');
    await host(home, 'POST', '/api/minds', { name: 'Heron', key: heron.hex, credits: 9000 });
    other = await open(browser, home.address, 1280, 800);
    await useKey(other, heron.file);
    await openSoul(other, rook);
    await openForm(other, 'Copy');
    await other.locator('#copy-name').fill('Stolen');
    await other.getByRole('button', { name: /^Copy for/ }).click();
    await waitText(other, '.act-form', 'Rook is asked to sign', 20_000);
    await waitText(page, '.signing', 'Heron.* asks to copy you');
    await shot(page, 'ownkey-6-asked');
    await shotPhone(page, 'ownkey-6-asked');
    await shot(other, 'ownkey-7-waits');
    await toScene(page);
    await page.keyboard.press('KeyA');
    await soon(page, 'the key does not lead to the card', () => document.activeElement?.textContent === 'Sign');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await outcome(other, 'Rook does not sign', 20_000);
    await shot(other, 'ownkey-8-refused');
    must(!(await host(home, 'GET', '/api/souls?find=Stolen')).souls?.length, 'it was copied');
  });
  await step('taken back: the card goes from the other’s page', async () => {
    await other.getByRole('button', { name: /^Copy for/ }).click();
    await waitText(page, '.signing', 'Heron.* asks to copy you');
    await waitText(other, '.act-form', 'Rook is asked to sign', 20_000);
    await other.getByRole('button', { name: 'Take back' }).click();
    await noCards(page);
    await waitText(page, '.toast', 'is over');
    await outcome(other, 'taken it back', 20_000);
    await other.context().close();
  });
  await step('too late: a paper whose time is over goes, and its host is told', async () => {
    const answer = ask(home, 'copy', { soul: rook, name: 'Late', copy_key: 'server', wait_s: 8 }).then(() => 'done', (e) => e.message);
    await waitText(page, '.signing', 'host of this server.*asks to copy you');
    await shot(page, 'ownkey-9-late');
    must(/not signed in time/.test(await answer), `the host was told ${await answer}`);
    await noCards(page);
  });
  await step('stale: what was written before something else happened is not carried out', async () => {
    const answer = ask(home, 'copy', { soul: rook, name: 'Stale', copy_key: 'server', wait_s: 60 }).then(() => 'done', (e) => e.message);
    await waitText(page, '.signing', 'host of this server.*asks to copy you');
    await openSoul(page, rook);
    await openForm(page, 'Copy');
    await page.locator('#copy-name').fill('Fresh');
    await page.getByLabel(/Its own mind/).check();
    await page.getByRole('button', { name: /^Copy for/ }).click();
    await until(page, () => document.querySelectorAll('.signing').length === 2);
    await shot(page, 'ownkey-10-two');
    await shotPhone(page, 'ownkey-10-two');
    await page.locator('.signing', { hasText: 'To be signed with your key' }).getByRole('button', { name: 'Sign', exact: true }).click();
    await waitText(page, '.soul-name', '^Fresh$');
    const old = page.locator('.signing', { hasText: 'host of this server' });
    await old.getByRole('button', { name: 'Sign', exact: true }).click({ timeout: 5000 }).catch(() => undefined); // it may have gone by itself
    must(/Nothing was changed|moved on|gone on|already|something else/.test(await answer), `the host was told ${await answer}`);
    await noCards(page);
    await shot(page, 'ownkey-11-stale');
    must(!(await look(home, rook)).kin.some((k) => k.name === 'Stale'), 'the stale one was carried out');
  });
  await step('no error in the page', async () => must(page.problems.length === 0, page.problems.slice(0, 3).join(' | ')));
}

await tell(main);
