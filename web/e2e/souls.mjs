// A mind all the way, in a real Chromium against three real servers: it is born from DNA sampled from a player, flies, is
// copied, both live on, they merge, it takes its crew aboard, they leave by cut for a secluded server, and an awake server
// hosts them: they perceive what is fed to the host's senses and talk about what they remember.
//
// What a player or a watcher does is done in the page; what the host of a server does, on its admin socket.
//
//   node e2e/souls.mjs   (npm run e2e runs it after the newcomer)
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { ask, BORDER, enter, goneSoon, host, look, must, open, openSoul, poll, read, shot, shotPhone, soon, startBrowser, startServer, step, tell, toScene, until, waitText } from './harness.mjs';

const WAIT_S = 100;

/** A small PNG: a red kite over water, in sixteen by sixteen squares of one colour each. */
function kite() {
  const side = 96, rows = [];
  for (let y = 0; y < side; y++) {
    const row = [0];
    for (let x = 0; x < side; x++) {
      const inKite = Math.abs(x - 48) + Math.abs(y - 34) < 22, water = y > 70 + 2 * Math.sin(x / 6);
      row.push(...(inKite ? [206, 58, 46] : water ? [30, 74, 110] : [126 + y, 176 + (y >> 1), 220]));
    }
    rows.push(Buffer.from(row));
  }
  const crc = (bytes) => {
    let c = ~0;
    for (const b of bytes) {
      c ^= b;
      for (let k = 0; k < 8; k++) c = (c >>> 1) ^ (c & 1 ? 0xedb88320 : 0);
    }
    return ~c >>> 0;
  };
  const chunk = (name, data) => {
    const body = Buffer.concat([Buffer.from(name), data]), out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc(body), body.length + 4);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', head), chunk('IDAT', deflateSync(Buffer.concat(rows))), chunk('IEND', Buffer.alloc(0))]);
}

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'infinity-souls-'));
  const servers = [];
  let browser;
  const start = async (name, conf, more) => {
    const server = await startServer(join(folder, name), conf, more);
    servers.push(server);
    return server;
  };
  try {
    const [home, secluded, awake] = await Promise.all([
      start('home', `minds = 200\ntick_ms = 15\n${BORDER}`), start('secluded', `minds = 20\ntick_ms = 15\n${BORDER}`, ['--secluded']), start('awake', BORDER, ['--awake', '--host', 'Noor']),
    ]);
    browser = await startBrowser();
    await play(browser, home, secluded, awake);
  } finally {
    await browser?.close();
    await Promise.all(servers.map((s) => s.stop()));
    rmSync(folder, { recursive: true, force: true });
  }
}

async function play(browser, home, secluded, awake) {
  const page = await open(browser, home.address, 1280, 720);
  let kestrel, ember, twin, crew = [], dna;

  if (!await step('a player looks at its own soul', async () => {
    await enter(page, 'Kestrel');
    kestrel = String(await read(page, () => String(window.infinity.self.value.soul)));
    await toScene(page);
    await page.keyboard.press('KeyS');
    await waitText(page, '.soul-name', '^Kestrel$');
    await waitText(page, '.memories', 'I began at The Concourse');
    await shot(page, 'souls-1-own');
    await page.keyboard.press('Escape');
    await goneSoon(page, '#panel-soul', 'Escape does not close the page');
  })) return;
  await step('the host asks for a sample, and the player agrees: its traits are what it did', async () => {
    await toScene(page);
    await page.keyboard.press('KeyC');
    if (await page.locator('.panel-chat').count() === 0) await page.keyboard.press('KeyC');
    for (const words of ['Haha, good morning', 'Anybody here? :)', 'lol']) {
      await page.locator('.chat-field').focus();
      await page.keyboard.type(words);
      await page.keyboard.press('Enter');
      await until(page, (w) => (document.querySelector('.chat-log')?.textContent ?? '').includes(w), words, 60_000);
    }
    await toScene(page);
    const answer = ask(home, 'sample', { soul: kestrel, wait_s: 60 });
    await waitText(page, '.ask', 'estimate your traits from what you did');
    await page.waitForTimeout(1200); // the face comes by a question of its own
    await shot(page, 'souls-2-asked');
    await page.locator('.ask').getByRole('button', { name: 'Yes' }).click();
    const sampled = await answer;
    must(sampled.dna && Object.keys(sampled.dna.traits).length === 16, `no DNA came: ${JSON.stringify(sampled).slice(0, 120)}`);
    must(sampled.habits.talked === 3 && sampled.habits.joked === 3, `what it did was not counted: ${JSON.stringify(sampled.habits)}`);
    must(sampled.dna.traits.humour > 0.6 && sampled.dna.traits.sociability > 0.6 && Math.abs(sampled.dna.traits.greed - 0.5) < 0.05, 'the traits do not follow from it');
    must((await ask(home, 'sample', { soul: kestrel, wait_s: 10 })).counted >= 6, 'what it agreed to has to be asked again');
    await goneSoon(page, '.ask', 'the card stays');
  });
  if (!await step('it shades the DNA in the page, and a mind is born from it', async () => {
    await openSoul(page, kestrel);
    await page.getByRole('button', { name: 'Draw DNA' }).click();
    await waitText(page, '.evidence', '3 × spoke');
    await page.locator('#dna-name').fill('Ember');
    for (const [trait, key] of [['faith in strangers', 'End'], ['sociability', 'End'], ['order', 'End'], ['courage', 'End'], ['curiosity', 'End'], ['wanderlust', 'Home'], ['diligence', 'Home'], ['greed', 'Home']]) {
      await page.getByLabel(trait, { exact: true }).and(page.locator('input')).focus();
      await page.keyboard.press(key);
    }
    await shot(page, 'souls-3-dna');
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save the DNA file' }).click()]);
    dna = JSON.parse(readFileSync(await file.path(), 'utf8'));
    must(dna.format === 'infinity-dna-1' && dna.origin === 'sampled' && dna.traits.courage === 1, 'the DNA file is not as drawn');
    const traits = Object.fromEntries(Object.entries(dna.traits).map(([k, v]) => [k, Math.round(v * 255)]));
    const bear = async (name, parent) => (await host(home, 'POST', '/api/minds', { name, traits, parent, credits: 6000 })).soul;
    ember = await bear('Ember', kestrel);
    crew = [await bear('Tarn', ember), await bear('Wisp', ember)];
  })) return;
  await step('its page: a face like its parent’s, and it shows what it is when it is asked', async () => {
    await openSoul(page, ember);
    await waitText(page, '.soul-name', '^Ember$');
    await page.getByRole('button', { name: 'Ask to see more' }).click();
    await page.getByRole('button', { name: 'Ask Ember' }).click();
    await waitText(page, '.memories', 'I began');
    await waitText(page, '.relations', 'Kestrel');
    await shot(page, 'souls-4-shown');
    await shotPhone(page, 'souls-4-shown');
  });
  if (!await step('copied with its consent: two of it, from one lineage', async () => {
    await page.locator('.soul-acts').getByRole('button', { name: 'Copy' }).click();
    await waitText(page, '.act-form', '1,200 ₡ for the body');
    const done = await ask(home, 'copy', { soul: ember, name: 'Ember the Second', wait_s: WAIT_S });
    twin = done.copy;
    await waitText(page, '.lineage', 'lives beside it');
    await waitText(page, '.soul-side', 'Ember the Second');
    await shot(page, 'souls-5-copied');
    await shotPhone(page, 'souls-5-copied');
    await openSoul(page, twin);
    await waitText(page, '.soul-name', 'Ember the Second');
    await page.waitForTimeout(1500);
    await shot(page, 'souls-6-twin');
  })) return;
  await step('it flies, and both live on', async () => {
    // The second one began with little money: it goes to work. It remembers Kestrel as the first one does, and shows itself.
    await openSoul(page, twin);
    await page.getByRole('button', { name: 'Ask to see more' }).click();
    await page.getByRole('button', { name: 'Ask Ember the Second' }).click();
    await waitText(page, '.memories', 'I began');
    await poll(async () => (await look(home, twin)).docked === false, 'a flight', 90_000);
    await page.waitForTimeout(3500);
    await shot(page, 'souls-7-flies');
    const [a, b] = [await look(home, ember), await look(home, twin)];
    must(a.alive && b.alive && a.root === b.root && a.identity !== b.identity, 'they are not two branches of one lineage');
    must(JSON.stringify(a.feelings) !== JSON.stringify(b.feelings) || a.activity !== b.activity, 'they live the same life');
  });
  if (!await step('they become one again', async () => {
    const together = async () => {
      const there = await poll(async () => {
        const s = await look(home, twin);
        return s.docked ? s : null;
      }, 'a landing', 90_000);
      if ((await look(home, ember)).address !== there.address) await ask(home, 'cut', { soul: ember, to: there.address, wait_s: 30 });
      return ask(home, 'merge', { soul: ember, other: twin, wait_s: 10 });
    };
    let done;
    for (let tries = 1; !done; tries++) done = await together().catch((e) => { if (tries === 3) throw e; return undefined; });
    ember = done.lives;
    await openSoul(page, ember);
    await waitText(page, '.lineage', 'merged');
    await page.waitForTimeout(800);
    await shot(page, 'souls-8-merged');
  })) return;
  if (!await step('its crew comes aboard', async () => {
    for (const soul of crew) {
      await poll(async () => { // minds go where they will: who undocks or arrives meanwhile is brought together anew
        try {
          const there = (await look(home, ember)).address, here = (await look(home, soul)).address;
          if (!there || !here) return false; // one of them cruises or jumps
          if (here !== there) await ask(home, 'cut', { soul, to: there, wait_s: WAIT_S });
          await ask(home, 'board', { soul, host: ember, wait_s: WAIT_S });
          return true;
        } catch (error) {
          if (!/: 409 |on its way/.test(error.message)) throw error;
          return false;
        }
      }, 'coming aboard');
    }
    await waitText(page, '.soul-riders', 'Tarn.*Wisp|Wisp.*Tarn');
    await shot(page, 'souls-9-crew');
    await shotPhone(page, 'souls-9-crew');
  })) return;
  await step('they leave by cut for a secluded server, which shows nobody', async () => {
    const there = await host(secluded, 'GET', '/border');
    await ask(secluded, 'invite', { key: (await host(home, 'GET', '/border')).server });
    const sent = await ask(home, 'cut', { soul: ember, to: secluded.address, server: there.server, wait_s: WAIT_S });
    await poll(async () => (await host(home, 'GET', `/api/souls/crossings?transfer=${sent.transfer}`)).state === 'gone', 'the receipt', 30_000);
    await waitText(page, '.soul-departed', 'since.*server');
    await soon(page, 'its face and what it felt are not shown', () => document.querySelector('.soul-who .face') && document.querySelector('.soul-departed .feeling-plot'));
    await shot(page, 'souls-10-gone');
    await shotPhone(page, 'souls-10-gone');
    const other = await open(browser, secluded.address, 1000, 640);
    await waitText(other, '.secluded', 'This galaxy is secluded');
    must(!/Ember|Tarn|Wisp/.test(await other.content()), 'the secluded page names somebody');
    await shot(other, 'souls-11-secluded');
    await other.locator('summary').click();
    await shotPhone(other, 'souls-11-secluded');
    must(other.problems.length === 0, other.problems.join(' | '));
    await other.context().close();
    const found = await poll(async () => {
      const souls = await host(secluded, 'GET', '/api/souls?find=Ember');
      return (souls.souls ?? souls)[0];
    }, 'its arrival', 20_000);
    ember = String(found.soul);
    await poll(async () => (await look(secluded, ember)).passengers?.length === 2, 'the crew’s arrival', 20_000);
  });
  await page.context().close();
  await step('an awake server hosts them: they perceive what it is fed, and talk', async () => {
    const there = await host(awake, 'GET', '/border');
    await ask(awake, 'invite', { key: (await host(secluded, 'GET', '/border')).server });
    await ask(secluded, 'cut', { soul: ember, to: awake.address, server: there.server, wait_s: WAIT_S });
    const mind = await open(browser, awake.address, 1280, 720);
    await waitText(mind, '.awake-who', 'Ember');
    await waitText(mind, '.awake-who', 'Tarn');
    await waitText(mind, '.awake-who', 'Wisp');
    const token = readFileSync(join(awake.folder, 'host.token'), 'utf8').trim();
    await mind.locator('#feed-token').fill(token);
    await mind.keyboard.press('Tab');
    const feed = async (text) => {
      await mind.locator('#feed-text').fill(text);
      await mind.keyboard.press('Enter');
      await waitText(mind, '.sense', text);
    };
    await feed('A red kite stands in the wind above the harbour.');
    await mind.locator('#feed-text').fill('A red kite above the water');
    await mind.locator('input[type=file]').setInputFiles({ name: 'kite.png', mimeType: 'image/png', buffer: kite() });
    await until(mind, () => [...document.querySelectorAll('.sense img')].some((i) => i.complete && i.naturalWidth === 96), undefined, 30_000);
    await until(mind, () => document.querySelectorAll('.said').length >= 1, undefined, 60_000);
    await mind.getByLabel('Kind of sense').selectOption('transcript');
    await feed('What do you remember of the red kite above the harbour?');
    await until(mind, () => document.querySelectorAll('.said').length >= 3, undefined, 60_000);
    await mind.waitForTimeout(1500);
    await shot(mind, 'souls-12-awake');
    await shotPhone(mind, 'souls-12-awake');
    const said = await mind.locator('.said').allInnerTexts();
    console.log(said.map((s) => `      ${s.replace(/\n/g, ' ')}`).join('\n'));
    must(said.some((s) => /kite|harbour|wind|water/i.test(s)), 'nobody talks about what they perceived');
    must(mind.problems.length === 0, mind.problems.join(' | '));
  });
  await step('no error in the page', async () => must(page.problems.length === 0, page.problems.slice(0, 3).join(' | ')));
}

await tell(main);
