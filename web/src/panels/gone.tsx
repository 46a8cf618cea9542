/** What stands on the screen of somebody who has left: where they are now, and how to go on there. */
import { useEffect, useRef } from 'preact/hooks';
import { passages } from '../state/acts.ts';
import { commands } from '../state/commands.ts';
import { gone, type Gone as Left } from '../state/gone.ts';
import { openSoul } from '../state/souls.ts';
import { self, signedIn } from '../state/store.ts';
import { Outcome } from './soulRun.tsx';
import { PassageSteps, UploadForm, usePassages } from './soulTravel.tsx';

const TITLES: Readonly<Record<Left['state'], string>> = {
  'in flight': 'You are at the border', gone: 'You live in another galaxy', away: 'You are in a file', merged: 'You are one', ended: 'This life is over',
};

function Words(props: { left: Left }) {
  const { left } = props;
  usePassages();
  const passage = passages.value.findLast((p) => p.name === left.name);
  switch (left.state) {
    case 'in flight': return (
      <>
        <p>What you have is held for you until the other galaxy answers. If it refuses, you are back here with everything.</p>
        {passage ? <ul class="passages"><PassageSteps passage={passage} brief /></ul> : <p class="dim">On the way… <span class="working" /></p>}
      </>
    );
    case 'gone': return (
      <>
        <p>It has signed the receipt: you are there with all that you had. It knows you by your key, so bring it: save it here, open the other galaxy, and choose “Use a recovery file” there.</p>
        {passage ? <ul class="passages"><PassageSteps passage={passage} brief /></ul> : null}
        <p class="orders"><button class="primary" data-first onClick={() => commands().saveKey()}>Save the recovery file</button>{passage && /^https?:\/\//.test(passage.to) ? <a class="button" href={passage.to} target="_blank" rel="noopener noreferrer">Open {passage.to}</a> : null}</p>
      </>
    );
    case 'away': return (
      <>
        <p>You live nowhere until the file wakes, here or in another galaxy. Whoever has the file has you. It wakes once; then you fly on here with this browser’s key.</p>
        <UploadForm />
        <Outcome />
      </>
    );
    case 'merged': return <p>{left.withName ? <>You have become one with <button class="link" onClick={() => openSoul(left.withSoul)}>{left.withName}</button></> : 'You have become one with another branch of yourself'}, and live on there, with the memories of both. Whoever has that one’s key decides for it: if this browser has it, give its name on the title.</p>;
    case 'ended': return <p>What the galaxy remembers of it is on its page.</p>;
  }
}

export function Gone() {
  const box = useRef<HTMLElement>(null), left = gone.value;
  useEffect(() => {
    if (left) (box.current?.querySelector<HTMLElement>('[data-first]') ?? box.current)?.focus();
  }, [left?.state]);
  if (!signedIn.value || !left) return null;
  return (
    <section class="dialog departed" ref={box} role="dialog" aria-label={TITLES[left.state]} tabIndex={-1}>
      <h2>{TITLES[left.state]}</h2>
      <Words left={left} />
      <p class="small"><button class="link" onClick={() => openSoul(self.value?.soul ?? left.soul)}>Your page here</button> · <button class="link" onClick={() => { location.hash = ''; location.reload(); }}>Back to the title</button></p>
    </section>
  );
}
