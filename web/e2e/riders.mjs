// Two in one head, in a real Chromium against a real server: a player takes a mind aboard, hears it and answers; boards a
// mind, looks through its eyes and talks in its head; and what others see of that. And pages for who has nothing to show yet.
//
//   node e2e/riders.mjs   (npm run e2e runs it with the others)
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { enter, goneSoon, host, look, must, open, openSoul, poll, read, shot, shotPhone, startBrowser, startServer, step, tell, toScene, until, waitText } from './harness.mjs';

const WILLING = { 'faith in strangers': 255, sociability: 255, empathy: 255, loyalty: 230, courage: 230, wanderlust: 0, greed: 0, aggression: 0 };

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'infinity-riders-'));
  let server, browser;
  try {
    server = await startServer(join(folder, 'galaxy'), 'minds = 60\ntick_ms = 40\n');
    browser = await startBrowser();
    await play(browser, server);
  } finally {
    await browser?.close();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Presses through asking until the mind agrees: moods differ. */
async function agree(page, form, name, then) {
  const button = page.locator('.soul-acts .orders').getByRole('button', { name: form, exact: true });
  if (await button.count() > 0 && await button.getAttribute('aria-pressed') !== 'true') await button.click();
  await poll(async () => {
    const asks = page.locator('.act-form').getByRole('button', { name: new RegExp(`^Ask (${name}|again)$`) });
    if (await asks.count() > 0 && await asks.isEnabled()) await asks.click();
    await page.waitForTimeout(1200);
    return await page.locator('.act-form .good').count() > 0 || await button.count() === 0; // done, it closes
  }, `that ${name} agrees`, 40_000);
  await then?.();
}

async function play(browser, server) {
  const page = await open(browser, server.address, 1280, 800);
  let me, pip, ada;
  if (!await step('a link to a soul works before one signs in; a wrong one says so', async () => {
    await until(page, () => window.infinity?.link.value === 'open');
    pip = (await host(server, 'POST', '/api/minds', { name: 'Pip', traits: WILLING, credits: 3000 })).soul;
    await openSoul(page, pip);
    await waitText(page, '.soul-name', '^Pip$');
    await page.waitForTimeout(800);
    await shot(page, 'riders-1-watcher');
    await shotPhone(page, 'riders-1-watcher');
    await read(page, () => { location.hash = '#soul=123456789'; });
    await waitText(page, '.soul-empty', '.');
    await page.waitForTimeout(500);
    await shot(page, 'riders-2-nobody');
    await page.keyboard.press('Escape');
    await goneSoon(page, '#panel-soul', 'Escape does not close the page');
  })) return;
  await step('on a phone one sees the title and can wake', async () => {
    await page.locator('.title-wake summary').click();
    await shot(page, 'riders-3-title');
    await shotPhone(page, 'riders-3-title');
    await page.locator('.title-wake summary').click();
    await enter(page, 'Kestrel');
    me = String(await read(page, () => String(window.infinity.self.value.soul)));
    ada = (await host(server, 'POST', '/api/minds', { name: 'Ada', traits: WILLING, parent: me, credits: 5000 })).soul;
    await page.waitForTimeout(1500);
    await shot(page, 'riders-4-flight');
    await shotPhone(page, 'riders-4-flight');
  });
  if (!await step('a mind comes aboard, and is heard in one’s head', async () => {
    pip = (await host(server, 'POST', '/api/minds', { name: 'Pipit', traits: WILLING, parent: me, credits: 3000 })).soul;
    await openSoul(page, pip);
    await page.locator('.soul-acts .orders').getByRole('button', { name: 'Take aboard' }).click();
    await page.getByRole('button', { name: 'Let it come aboard' }).click();
    await agree(page, 'Take aboard', 'Pipit');
    await shot(page, 'riders-5-agreed');
    await waitText(page, '.panel-riders', 'Pipit');
    await page.locator('#panel-soul').focus();
    await page.keyboard.press('KeyC'); // what is opened from the soul's page is seen: the page goes
    await until(page, () => document.querySelector('#panel-soul') === null && document.activeElement?.classList.contains('chat-field'), undefined, 5_000);
    await page.getByRole('tab', { name: 'head' }).click();
    await page.keyboard.type('Hello in there, how is it?');
    await page.keyboard.press('Enter');
    await waitText(page, '.chat-log .head', 'Hello in there');
    await until(page, () => [...document.querySelectorAll('.chat-log .head')].some((l) => /^Pipit/.test(l.textContent)), undefined, 40_000);
    await shot(page, 'riders-7-passenger');
    await shotPhone(page, 'riders-7-passenger');
  })) return;
  await step('who is somewhere else cannot be asked: it is said, and can be tried again', async () => {
    const here = (await look(server, me)).address, list = await host(server, 'GET', '/api/souls');
    let far;
    for (const s of list.souls ?? list) {
      const found = await look(server, s.soul);
      if (found.alive && !found.player && found.address && found.address !== here) {
        far = found;
        break;
      }
    }
    await openSoul(page, String(far.soul));
    await page.locator('.soul-acts .orders').getByRole('button', { name: 'Ask to see more' }).click();
    await page.locator('.act-form').getByRole('button', { name: `Ask ${far.name}`, exact: true }).click();
    await waitText(page, '.toast.bad', '^Ask: ', 20_000);
    await until(page, (name) => [...document.querySelectorAll('.act-form button')].some((b) => b.textContent === `Ask ${name}` && !b.disabled), far.name, 10_000);
    await shot(page, 'riders-8-too-far');
    await page.keyboard.press('Escape');
  });
  await step('a player boards a mind, looks through its eyes, and talks in its head', async () => {
    const other = await open(browser, server.address, 1280, 800);
    await enter(other, 'Sparrow');
    await openSoul(other, ada);
    await agree(other, 'Ride along', 'Ada', async () => {
      await shot(other, 'riders-9-may-board');
      await other.getByRole('button', { name: 'Board Ada' }).click();
    });
    await waitText(other, '.riding', 'You are riding in Ada', 30_000);
    await until(other, () => document.querySelector('#panel-soul') === null, undefined, 10_000);
    await other.waitForTimeout(1500);
    await shot(other, 'riders-10-eyes');
    await shotPhone(other, 'riders-10-eyes');
    await poll(async () => (await look(server, ada)).docked === false, 'a flight', 25_000).catch(() => undefined);
    await other.waitForTimeout(2500);
    await shot(other, 'riders-11-eyes-flight');
    await toScene(other);
    await other.keyboard.press('KeyC'); // what is typed at once is typed into the field
    await other.keyboard.type('Where are we going?');
    await other.keyboard.press('Enter');
    await waitText(other, '.chat-log .head', 'Where are we going');
    await other.waitForTimeout(1500);
    await shot(other, 'riders-12-talk');
    await toScene(other);
    await other.keyboard.press('KeyD'); // a passenger has no helm
    await other.waitForTimeout(600);
    await shot(other, 'riders-13-no-helm');
    await other.getByRole('button', { name: 'Leave for 1,200 ₡' }).click();
    await until(other, () => document.querySelector('.riding') === null && document.querySelector('.goal') !== null, undefined, 20_000);
    await shot(other, 'riders-14-left');
    must(other.problems.length === 0, other.problems.join(' | '));
  });
  await step('no error in the page', async () => must(page.problems.length === 0, page.problems.slice(0, 3).join(' | ')));
}

await tell(main);
