// A newcomer's first hour in a real Chromium against the real server, by keyboard alone: tag, undock, cruise, mine,
// dock, sell, pay, jump; and two people who see each other move and hear each other.
//
//   npm run e2e          needs build/release/bin/infinity (or INFINITY=path) and web/dist
//
// Screenshots are kept in tests/out/e2e. Prints `N passed, N failed`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { enter, must, open, read, shot, soon, startBrowser, startServer, step, tell, toScene, until, waitText } from './harness.mjs';

/** Presses Tab until the target panel shows a name that fits. */
async function targetBody(page, kind, pattern) {
  await toScene(page);
  for (let i = 0; i < 90; i++) {
    await page.keyboard.press('Tab');
    const found = await read(page, ([k, p]) => {
      const t = window.infinity.target.value, b = t?.kind === 'body' ? window.infinity.place.value.bodies.find((x) => x.place === t.place) : undefined;
      return b !== undefined && b.kind === k && new RegExp(p).test(b.name);
    }, [kind, pattern]);
    if (found) return;
  }
  throw new Error(`Tab never reached a ${kind} like ${pattern}`);
}

async function undock(page) {
  await toScene(page);
  await page.keyboard.press('KeyD');
  await until(page, () => window.infinity.self.value.docked === false && window.infinity.ships.has(window.infinity.self.value.slot));
}

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'infinity-e2e-'));
  let server, browser;
  try {
    server = await startServer(join(folder, 'galaxy')); // 1000 minds: enough to meet somebody, quick to be born
    browser = await startBrowser();
    await play(browser, server);
  } finally {
    await browser?.close();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function play(browser, server) {
  const { address } = server;
  const a = await open(browser, address, 1280, 720);
  await step('the title lies over a live place', async () => {
    await until(a, () => window.infinity?.link.value === 'open' && window.infinity.place.value !== null);
    must(await a.locator('h1').innerText() === 'INFINITY', 'no title');
    await until(a, () => window.infinity.page.view.frames > 20);
    await until(a, () => window.infinity.ships.size > 0);
    await shot(a, '1-title');
  });
  await step('a tag that cannot be is refused with a reason', async () => {
    await a.locator('#tag').focus();
    await a.keyboard.press('x');
    await a.keyboard.press('Enter');
    await waitText(a, '#tag-problem', '2 characters', 20_000);
    await a.locator('#tag').fill('');
  });
  if (!await step('a tag, and one wakes on the Concourse', async () => {
    await enter(a, 'Kestrel');
    must(await read(a, () => window.infinity.self.value.docked), 'not docked');
    await soon(a, 'not on the Concourse', () => window.infinity.place.value?.name === 'The Concourse');
    await waitText(a, '.money', '500 ₡', 20_000);
    await waitText(a, '.money', 'zero in', 20_000);
    await waitText(a, '.goal', 'Undock', 20_000);
    await shot(a, '2-concourse');
  })) return;
  await step('undock by key', async () => {
    await undock(a);
    await until(a, () => /Cruise/.test(document.querySelector('.goal')?.textContent ?? ''));
    await a.waitForTimeout(2500);
    await shot(a, '3-undocked');
  });

  const b = await open(browser, address, 800, 450);
  await step('two people see each other move', async () => {
    await enter(b, 'Anya');
    await undock(b);
    await until(a, () => [...window.infinity.ships.values()].some((s) => s.name === 'Anya'));
    await until(b, () => [...window.infinity.ships.values()].some((s) => s.name === 'Kestrel'));
    await waitText(a, '.panel-overview', 'Anya', 20_000);
    await toScene(b);
    await b.keyboard.down('KeyI');
    await until(a, () => {
      const s = [...window.infinity.ships.values()].find((x) => x.name === 'Anya');
      if (!s) return false;
      window.anyaAt ??= [...s.position];
      return Math.hypot(...s.position.map((v, i) => v - window.anyaAt[i])) > 40;
    });
    await b.keyboard.up('KeyI');
  });
  await step('by hand: thrust and turn', async () => {
    await toScene(b);
    await b.keyboard.down('KeyI');
    await b.keyboard.down('ArrowRight');
    await until(b, () => {
      const s = window.infinity.ships.get(window.infinity.self.value.slot);
      if (!s) return false;
      window.flown ??= { q: [...s.attitude], p: [...s.position] };
      const turned = Math.abs(s.attitude.reduce((sum, v, i) => sum + v * window.flown.q[i], 0)) < 0.98;
      return turned && Math.hypot(...s.position.map((v, i) => v - window.flown.p[i])) > 30;
    });
    await b.keyboard.up('KeyI');
    await b.keyboard.up('ArrowRight');
    await shot(b, '4-helm');
  });
  await step('two people hear each other', async () => {
    for (const [from, to, words] of [[a, b, 'Good morning, Anya'], [b, a, 'Morning, Kestrel ₡']]) {
      await toScene(from);
      await from.keyboard.press('KeyC');
      if (await from.locator('.panel-chat').count() === 0) await from.keyboard.press('KeyC');
      await from.locator('.chat-field').focus();
      await from.keyboard.type(words);
      await from.keyboard.press('Enter');
      await until(to, (w) => (document.querySelector('.chat-log')?.textContent ?? '').includes(w), words, 60_000);
    }
    await shot(a, '5-chat');
  });
  await b.context().close();

  if (!await step('cruise to the belt', async () => {
    await targetBody(a, 'belt', '.');
    await a.keyboard.press('KeyR');
    await until(a, () => /Cruising/.test(window.infinity.place.value.name));
    await a.waitForTimeout(9000);
    await shot(a, '6-cruise');
    await until(a, () => window.infinity.place.value.kind === 'belt' && window.infinity.ships.has(window.infinity.self.value.slot));
    await a.waitForTimeout(4000);
    await shot(a, '7-belt');
  })) return;
  await step('mine', async () => {
    await toScene(a);
    await a.keyboard.press('F2');
    await until(a, () => window.infinity.self.value.cargo >= 3);
    await shot(a, '8-mining');
  });
  await step('dock at a station', async () => {
    await targetBody(a, 'station', 'Lowell');
    await a.keyboard.press('KeyD');
    await until(a, () => window.infinity.self.value.docked);
    await until(a, () => window.infinity.place.value.kind === 'station');
  });
  await step('sell what was mined', async () => {
    const before = await read(a, () => ({ money: window.infinity.self.value.carried, cargo: window.infinity.self.value.cargo }));
    must(before.cargo > 0, 'nothing to sell');
    await toScene(a);
    await a.keyboard.press('KeyB');
    await until(a, () => document.querySelectorAll('.panel-market tbody tr').length === 12, undefined, 60_000);
    await shot(a, '9-market');
    const goods = await read(a, () => window.infinity.self.value.goods.map((g) => g.good));
    await a.locator('#units').focus();
    for (const good of goods) {
      for (let i = 0; i < 12; i++) {
        const chosen = await read(a, () => [...document.querySelectorAll('.panel-market tbody tr')].findIndex((r) => r.classList.contains('chosen')));
        if (chosen === good) break;
        await a.keyboard.press('ArrowDown');
        await a.waitForTimeout(60);
      }
      await a.keyboard.press('PageUp');
      await a.waitForTimeout(100);
      await a.keyboard.press('Shift+Enter');
    }
    await until(a, () => window.infinity.self.value.cargo === 0, undefined, 60_000);
    const after = await read(a, () => window.infinity.self.value.carried);
    must(after > before.money - 5, `${before.money} ₡ became ${after} ₡`);
    await shot(a, '10-sold');
    await a.keyboard.press('Escape');
  });
  await step('pay for a clone bay', async () => {
    await toScene(a);
    await a.keyboard.press('KeyY');
    await soon(a, 'the wallet does not open', () => document.activeElement?.closest('#panel-wallet'));
    await a.keyboard.press('Enter'); // the first thing in the wallet is the clone bay
    await until(a, () => window.infinity.self.value.clonePaid, undefined, 60_000);
    await until(a, () => document.querySelectorAll('.statement tr').length > 0, undefined, 60_000);
    await shot(a, '11-wallet');
    await a.keyboard.press('Escape');
  });
  await step('jump to another system', async () => {
    await undock(a);
    const from = await read(a, () => window.infinity.place.value.system.name);
    await toScene(a);
    await a.keyboard.press('KeyM');
    await until(a, () => document.querySelectorAll('.found li').length > 3, undefined, 60_000);
    await a.locator('#map-search').focus();
    await a.keyboard.press('ArrowDown');
    await a.waitForTimeout(2000);
    await shot(a, '12-map');
    await a.keyboard.press('Enter');
    await a.keyboard.press('Escape');
    await until(a, () => window.infinity.jumping.value);
    await a.waitForTimeout(900);
    await shot(a, '13-jump');
    await until(a, (name) => window.infinity.place.value.system.name !== name && window.infinity.ships.has(window.infinity.self.value.slot), from);
    await a.waitForTimeout(4000);
    await shot(a, '14-arrived');
  });
  await step('a lost connection is shown, comes back by itself, and nothing is done twice', async () => {
    server.pause();
    try {
      await until(a, () => window.infinity.link.value === 'lost', undefined, 60_000);
      await waitText(a, '.link-state', 'Trying again|answer', 20_000);
      await toScene(a);
      await a.keyboard.press('KeyC');
      await a.locator('.chat-field').focus();
      await a.keyboard.type('Said into the dark');
      await a.keyboard.press('Enter');
      await shot(a, '15-lost');
    } finally {
      server.resume();
    }
    await until(a, () => window.infinity.link.value === 'open');
    await until(a, () => document.querySelector('.chat-log').textContent.includes('Said into the dark'), undefined, 60_000);
    await a.waitForTimeout(2500);
    const times = await read(a, () => document.querySelector('.chat-log').textContent.split('Said into the dark').length - 1);
    must(times === 1, `it was said ${times} times`);
  });
  await step('come back with the kept key, as the same person', async () => {
    const before = await read(a, () => ({ money: window.infinity.self.value.carried, system: window.infinity.place.value.system.name }));
    await a.reload();
    await until(a, () => window.infinity?.link.value === 'open');
    await until(a, () => document.querySelector('#tag')?.value === 'Kestrel', undefined, 60_000);
    await a.locator('#tag').focus();
    await a.keyboard.press('Enter');
    await until(a, () => window.infinity.signedIn.value && window.infinity.self.value !== null);
    await until(a, () => window.infinity.place.value !== null);
    const after = await read(a, () => ({ money: window.infinity.self.value.carried, system: window.infinity.place.value.system.name }));
    must(after.system === before.system, `was in ${before.system}, is in ${after.system}`);
    must(Math.abs(after.money - before.money) < 60, `${before.money} ₡ became ${after.money} ₡`);
  });
  await step('no error in the page', async () => must(a.problems.length === 0, a.problems.slice(0, 3).join(' | ')));
}

await tell(main);
