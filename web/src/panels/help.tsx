/** Help: how to live, and every key. */
import { ACTIONS, bindings, keyLabel } from '../input/keymap.ts';
import { settings } from '../state/settings.ts';
import { Kbd, Panel } from './parts.tsx';

export function Help() {
  const keys = bindings(settings.value.keys);
  return (
    <Panel name="help" title="Help">
      <div class="scroll">
        <p>Staying alive costs credits: the time to zero stands in the top bar. Mine, haul, trade or explore to earn. When you die you wake in a clone bay and pay. Minds, the ghosts marked ◇, have only one life.</p>
        <p>Drag to look, wheel to zoom, click or <Kbd>{keyLabel(keys.get('target') ?? '')}</Kbd> to target. Orders go to the target.</p>
        <p>Everybody is a soul with a page: press a name in the chat, or your own tag in the top bar. It shows face, feelings and lineage to all; memories, relations and money to whom it allows. There you ask a mind to show itself, to come aboard as your passenger, to carry you, or to be copied; and on your own page you leave for another galaxy, go into a file, or wake one. Nothing is done to a soul that does not agree.</p>
        <table class="keys" data-first tabIndex={0}><tbody>
          {ACTIONS.map(([action, words]) => <tr key={action}><td>{words}</td><td><Kbd>{keyLabel(keys.get(action) ?? '') || 'none'}</Kbd></td></tr>)}
        </tbody></table>
      </div>
    </Panel>
  );
}
