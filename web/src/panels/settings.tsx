/** Settings: looks, sound, motion, colours, keys. Each change counts at once. */
import { signal } from '@preact/signals';
import { ACTIONS, bindings, keyLabel, strokeName, type Action } from '../input/keymap.ts';
import { change, settings, type Settings as Chosen } from '../state/settings.ts';
import { machine } from '../state/store.ts';
import { Kbd, Panel } from './parts.tsx';

const binding = signal<Action | null>(null);

function bind(e: KeyboardEvent): void {
  const action = binding.value;
  if (!action) return;
  e.preventDefault();
  e.stopPropagation();
  if (['Shift', 'Control', 'Alt', 'Meta'].includes(e.key)) return;
  if (e.key !== 'Escape') {
    const stroke = strokeName(e);
    const keys = { ...settings.value.keys, [action]: stroke };
    for (const [other, key] of bindings(settings.value.keys)) if (key === stroke && other !== action) keys[other] = ''; // one key, one action
    change({ keys });
  }
  binding.value = null;
}

export function SettingsPanel() {
  const s = settings.value;
  const keys = bindings(s.keys);
  return (
    <Panel name="settings" title="Settings">
      <div class="scroll" onKeyDown={bind}>
        <div class="fields">
          <label for="quality">Looks</label>
          <select id="quality" data-first value={s.quality} onChange={(e) => change({ quality: e.currentTarget.value as Chosen['quality'] })}>
            <option value="auto">Automatic ({machine.value.quality})</option><option value="low">Low</option><option value="medium">Medium</option><option value="high">High</option>
          </select>
          <label for="volume">Volume</label>
          <input id="volume" type="range" min={0} max={1} step={0.05} value={s.volume} onInput={(e) => change({ volume: Number(e.currentTarget.value), muted: false })} />
          <label for="palette">Colours</label>
          <select id="palette" value={s.palette} onChange={(e) => change({ palette: e.currentTarget.value as Chosen['palette'] })}>
            <option value="standard">Standard</option><option value="deutan">Red and green alike</option><option value="tritan">Blue and yellow alike</option>
          </select>
          <label for="calm">Less motion</label><input id="calm" type="checkbox" checked={s.calm} onChange={(e) => change({ calm: e.currentTarget.checked })} />
          <label for="marks">Marks over the view</label><input id="marks" type="checkbox" checked={s.marks} onChange={(e) => change({ marks: e.currentTarget.checked })} />
          <label for="chase">Camera follows the ship</label><input id="chase" type="checkbox" checked={s.chase} onChange={(e) => change({ chase: e.currentTarget.checked })} />
        </div>
        <p class="dim small">Drawn by {machine.value.renderer || 'an unknown device'}. A change of looks loads the page again.</p>
        <h3>Keys</h3>
        <table class="keys"><tbody>
          {ACTIONS.map(([action, words]) => (
            <tr key={action}><td>{words}</td><td><button aria-label={`${words}: ${keyLabel(keys.get(action) ?? 'none')}. Press to change.`} onClick={() => { binding.value = action; }}>{binding.value === action ? 'press a key…' : <Kbd>{keyLabel(keys.get(action) ?? '') || 'none'}</Kbd>}</button></td></tr>
          ))}
        </tbody></table>
        <button onClick={() => change({ keys: {} })}>All keys as they were</button>
      </div>
    </Panel>
  );
}
