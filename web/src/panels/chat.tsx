/** Words from the place, the crew and whispers. `/w NAME text` whispers; `/crew text` speaks to the crew. */
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { commands } from '../state/commands.ts';
import { head, riding } from '../state/head.ts';
import { CHARTED, chat, openPanels } from '../state/store.ts';
import { openSoul } from '../state/souls.ts';
import { Panel, useEndInSight } from './parts.tsx';
import { readLine, type Channel } from './words.ts';

type Tab = Channel | 'news';
const tab = signal<Tab>('place');
const whisperTo = signal('');

export function Chat() {
  const log = useRef<HTMLDivElement>(null), field = useRef<HTMLInputElement>(null);
  const shared = head.value !== null;
  useEffect(() => { if (riding.value) tab.value = 'head'; }, [riding.value]);
  if (!shared && tab.value === 'head') tab.value = 'place';
  const channel: Channel = riding.value ? 'head' : tab.value === 'news' ? 'place' : tab.value;
  const lines = chat.value.filter((l) => (tab.value === 'place' ? l.channel !== 'news' || l.from !== CHARTED : l.channel === tab.value));
  useEndInSight(log, `${tab.value} ${openPanels.value.has('chat')}`);
  const send = (e: Event) => {
    e.preventDefault();
    const line = readLine(field.current?.value ?? '', channel, whisperTo.value);
    if (line.text === '') {
      document.getElementById('view')?.focus();
      return;
    }
    if (line.channel === 'whisper') whisperTo.value = line.to;
    commands().say(line.channel, line.to, line.text);
    if (field.current) field.current.value = '';
  };
  return (
    <Panel name="chat" title="Chat">
      <div class="tabs" role="tablist">
        {(shared ? ['head', 'place', 'crew', 'whisper', 'news'] as const : ['place', 'crew', 'whisper', 'news'] as const).map((c) => (
          <button key={c} role="tab" aria-selected={tab.value === c} onClick={() => { tab.value = c; field.current?.focus(); }}>{c}</button>
        ))}
      </div>
      <div class="chat-log scroll" role="log" aria-live="polite" ref={log}>
        {lines.length === 0 ? <p class="dim">{tab.value === 'head' ? 'Nothing has been said in this head yet.' : 'Nothing yet.'}</p> : null}
        {lines.slice(-60).map((l) => (
          <p key={l.id} class={`${l.channel}${l.mine ? ' mine' : ''}`}>{l.soul !== 0n ? <button class={`name${l.ghost ? ' ghost' : ''}`} title="Open the soul's page" onClick={() => openSoul(l.soul)}>{l.ghost ? '◇ ' : ''}{l.from}</button> : <b class={l.ghost ? 'ghost' : ''}>{l.ghost ? '◇ ' : ''}{l.from}</b>}{l.channel === 'whisper' ? ' whispers:' : l.channel === 'head' ? ' thinks aloud:' : ''} {l.text}</p>
        ))}
      </div>
      <form onSubmit={send}>
        <input ref={field} data-first class="chat-field" aria-label={channel === 'whisper' ? 'Whisper' : channel === 'head' ? 'Say in the head' : `Say to the ${channel}`} maxLength={200} autocomplete="off"
          placeholder={channel === 'whisper' ? (whisperTo.value ? `Whisper to ${whisperTo.value}` : '/w NAME words') : channel === 'head' ? 'Say in the head' : `Say to the ${channel}`} />
      </form>
    </Panel>
  );
}
