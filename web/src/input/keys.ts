/** Listens to keyboard, mouse and touch, and turns them into actions. Typing in a field is left alone. */
import { effect } from '@preact/signals';
import { commands } from '../state/commands.ts';
import { closeSoul, openSoul, uncover } from '../state/souls.ts';
import { change, settings } from '../state/settings.ts';
import { death, openPanels, place, self, ships, signedIn, target, toast, togglePanel, type PanelName } from '../state/store.ts';
import { mapChoice } from '../state/mapChoice.ts';
import type { View } from '../view/view.ts';
import { actionFor, strokeName, type Action } from './keymap.ts';
import { stepTarget } from './targets.ts';

const HELM: ReadonlySet<Action> = new Set(['thrust', 'brake', 'rollLeft', 'rollRight', 'left', 'right', 'up', 'down']);
const held = new Set<Action>();

function typing(e: Event): boolean {
  const t = e.target;
  return t instanceof HTMLElement && (t.isContentEditable || t.tagName === 'TEXTAREA' || t.tagName === 'SELECT'
    || (t instanceof HTMLInputElement && t.type !== 'checkbox' && t.type !== 'range' && t.type !== 'button'));
}

/** Tab walks targets only when the focus is on the scene; inside panels it walks controls, as anywhere. */
function inPanel(): boolean {
  const a = document.activeElement;
  return a instanceof HTMLElement && a.closest('.panel, .dialog, .topbar') !== null;
}

/** Opens a panel and goes to its first control; closes it when the focus is in it. The overview never takes the focus. */
function panelAction(name: PanelName): void {
  const open = !uncover(name) && openPanels.value.has(name);
  const inside = document.activeElement?.closest(`#panel-${name}`) !== null && document.activeElement !== null;
  if (open && (inside || name === 'overview')) {
    togglePanel(name, false);
    document.getElementById('view')?.focus();
    return;
  }
  togglePanel(name, true);
  if (name === 'overview') return;
  const toFirst = () => {
    const panel = document.getElementById(`panel-${name}`);
    const first = panel?.querySelector<HTMLElement>('[data-first]') ?? panel?.querySelector<HTMLElement>('input, select, button:not(.close)') ?? panel;
    if (!panel?.contains(document.activeElement)) first?.focus();
  };
  toFirst(); // what is typed at once is typed into it
  setTimeout(toFirst, 0); // after the panel is on the page
}

const ON_TOP: readonly PanelName[] = ['help', 'settings', 'map', 'shipyard', 'market', 'wallet'];

export function act(action: Action, view: View): void {
  const c = commands();
  switch (action) {
    case 'target': target.value = stepTarget(1, ships, place.value, self.value?.slot ?? -1, target.value); break;
    case 'targetBack': target.value = stepTarget(-1, ships, place.value, self.value?.slot ?? -1, target.value); break;
    case 'approach': case 'orbit': case 'keep': case 'cruise': case 'stop': c.order(action); break;
    case 'dock': c.dockOrUndock(); break;
    case 'answer': document.querySelector<HTMLElement>('.asks [data-answer]')?.focus(); break;
    case 'scan': c.scan(); break;
    case 'soul': {
      const ship = target.value?.kind === 'ship' ? ships.get(target.value.slot) : undefined;
      if (openPanels.value.has('soul')) closeSoul();
      else openSoul(ship && ship.soul !== 0n ? ship.soul : (self.value?.soul ?? 0n));
      break;
    }
    case 'jump':
      if (mapChoice.value) c.jump(mapChoice.value.address);
      else {
        toast('Choose a system on the map first', 'info');
        togglePanel('map', true);
      }
      break;
    case 'module1': case 'module2': case 'module3': case 'module4': case 'module5': case 'module6': case 'module7': case 'module8':
      c.fire(Number(action.slice(6)) - 1);
      break;
    case 'map': case 'market': case 'chat': case 'wallet': case 'shipyard': case 'overview': case 'settings': case 'help': panelAction(action); break;
    case 'transponder': if (self.value) c.transponder(self.value.ghost); break;
    case 'camera':
      view.camera.chase = !view.camera.chase;
      view.camera.centre();
      change({ chase: view.camera.chase });
      toast(view.camera.chase ? 'Camera follows the ship' : 'Camera is free', 'info');
      break;
    case 'zoomIn': view.camera.zoom(-1, 8, 12_000); break;
    case 'zoomOut': view.camera.zoom(1, 8, 12_000); break;
    case 'mute': change({ muted: !settings.value.muted }); break;
    case 'close': {
      if (openPanels.value.has('soul')) {
        closeSoul();
        break;
      }
      const top = ON_TOP.find((p) => openPanels.value.has(p));
      if (top) togglePanel(top, false);
      document.getElementById('view')?.focus();
      break;
    }
    default: break; // helm keys are held, not pressed
  }
}

function helmNow(): [number, number, number, number] {
  const on = (a: Action, b: Action) => (held.has(a) ? 1 : 0) - (held.has(b) ? 1 : 0);
  return [on('thrust', 'brake'), on('right', 'left'), on('up', 'down'), on('rollRight', 'rollLeft')];
}

export function listen(view: View, canvas: HTMLElement): void {
  let helmed = false;
  const helm = () => {
    const now = helmNow();
    const any = now.some((v) => v !== 0);
    if (any && !helmed && view.camera.chase) view.camera.centre();
    if (any || helmed) commands().helm(...now);
    helmed = any;
  };
  window.addEventListener('keydown', (e) => {
    if (!signedIn.value || death.value) return;
    const action = actionFor(strokeName(e), settings.value.keys);
    if (!action) return;
    if (typing(e)) {
      if (action !== 'close') return;
      (e.target as HTMLElement).blur();
    }
    if (inPanel() && (action === 'target' || action === 'targetBack' || HELM.has(action) || action === 'stop')) return;
    e.preventDefault();
    if (HELM.has(action)) {
      if (!held.has(action)) {
        held.add(action);
        helm();
      }
      return;
    }
    if (!e.repeat || action === 'target' || action === 'targetBack' || action.startsWith('zoom')) act(action, view);
  });
  window.addEventListener('keyup', (e) => {
    let changed = false;
    for (const action of [...held]) {
      const key = actionFor(e.code, settings.value.keys);
      if (key === action) changed = held.delete(action) || changed;
    }
    if (changed) helm();
  });
  window.addEventListener('blur', () => {
    if (held.size === 0) return;
    held.clear();
    helm();
  });

  const pointers = new Map<number, { x: number; y: number }>();
  let moved = 0, spread = 0;
  canvas.addEventListener('pointerdown', (e) => {
    canvas.focus();
    canvas.setPointerCapture(e.pointerId);
    pointers.set(e.pointerId, { x: e.clientX, y: e.clientY });
    moved = spread = 0;
  });
  canvas.addEventListener('pointermove', (e) => {
    const p = pointers.get(e.pointerId);
    if (!p) return;
    const dx = e.clientX - p.x, dy = e.clientY - p.y;
    p.x = e.clientX;
    p.y = e.clientY;
    moved += Math.abs(dx) + Math.abs(dy);
    if (pointers.size === 2) {
      const [a, b] = [...pointers.values()] as [{ x: number; y: number }, { x: number; y: number }];
      const wide = Math.hypot(a.x - b.x, a.y - b.y);
      if (spread > 0) view.camera.zoom((spread - wide) / 40, 8, 12_000);
      spread = wide;
    } else {
      view.camera.drag(dx, dy);
    }
  });
  const up = (e: PointerEvent) => {
    pointers.delete(e.pointerId);
    if (moved > 6 || !signedIn.value) return;
    const mark = view.pick(e.clientX, e.clientY);
    if (!mark) return;
    const ship = mark.kind === 'ship' ? ships.get(mark.slot) : undefined;
    target.value = ship ? { kind: 'ship', slot: ship.slot, id: ship.id } : { kind: 'body', place: mark.slot };
  };
  canvas.addEventListener('pointerup', up);
  canvas.addEventListener('pointercancel', (e) => pointers.delete(e.pointerId));
  canvas.addEventListener('wheel', (e) => {
    e.preventDefault();
    view.camera.zoom(Math.sign(e.deltaY), 8, 12_000);
  }, { passive: false });
  effect(() => { view.camera.chase = settings.value.chase && signedIn.value; });
}
