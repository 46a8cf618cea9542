/**
 * Keys and what they do. An action has a name, words for people and a default key; the player may bind
 * another. Keys are `KeyboardEvent.code`s for letters and places, so layouts keep the shape of the hand.
 */
export const ACTIONS = [
  ['target', 'Next target', 'Tab'],
  ['targetBack', 'Previous target', 'Shift+Tab'],
  ['approach', 'Approach the target', 'KeyQ'],
  ['orbit', 'Orbit the target', 'KeyW'],
  ['keep', 'Keep range', 'KeyE'],
  ['cruise', 'Cruise to the target', 'KeyR'],
  ['dock', 'Dock or undock', 'KeyD'],
  ['jump', 'Jump to the system chosen on the map', 'KeyJ'],
  ['scan', 'Scan the target', 'KeyX'],
  ['soul', 'Soul of the target, or your own', 'KeyS'],
  ['answer', 'Answer who asks you', 'KeyA'],
  ['stop', 'Stop', 'Space'],
  ['module1', 'Module 1', 'F1'],
  ['module2', 'Module 2', 'F2'],
  ['module3', 'Module 3', 'F3'],
  ['module4', 'Module 4', 'F4'],
  ['module5', 'Module 5', 'F5'],
  ['module6', 'Module 6', 'F6'],
  ['module7', 'Module 7', 'F7'],
  ['module8', 'Module 8', 'F8'],
  ['thrust', 'Helm: thrust', 'KeyI'],
  ['brake', 'Helm: brake', 'KeyK'],
  ['rollLeft', 'Helm: roll left', 'KeyU'],
  ['rollRight', 'Helm: roll right', 'KeyO'],
  ['left', 'Helm: turn left', 'ArrowLeft'],
  ['right', 'Helm: turn right', 'ArrowRight'],
  ['up', 'Helm: nose up', 'ArrowUp'],
  ['down', 'Helm: nose down', 'ArrowDown'],
  ['map', 'Galaxy map', 'KeyM'],
  ['market', 'Market', 'KeyB'],
  ['chat', 'Chat', 'KeyC'],
  ['wallet', 'Wallet', 'KeyY'],
  ['shipyard', 'Shipyard', 'KeyZ'],
  ['transponder', 'Transponder on or off', 'KeyT'],
  ['overview', 'Overview', 'KeyG'],
  ['camera', 'Chase or free camera', 'KeyV'],
  ['zoomIn', 'Zoom in', 'Equal'],
  ['zoomOut', 'Zoom out', 'Minus'],
  ['settings', 'Settings', 'KeyP'],
  ['mute', 'Sound on or off', 'KeyN'],
  ['help', 'Help', 'Shift+Slash'],
  ['close', 'Close what is on top', 'Escape'],
] as const;

export type Action = (typeof ACTIONS)[number][0];

export interface Stroke {
  readonly code: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

export function strokeName(e: Stroke): string {
  return `${e.ctrlKey || e.metaKey ? 'Ctrl+' : ''}${e.altKey ? 'Alt+' : ''}${e.shiftKey ? 'Shift+' : ''}${e.code}`;
}

/** Key by action, with the player's own keys over the defaults. */
export function bindings(own: Readonly<Record<string, string>>): Map<Action, string> {
  return new Map(ACTIONS.map(([action, , key]) => [action, own[action] ?? key]));
}

/** The action bound to a stroke, if any. */
export function actionFor(stroke: string, own: Readonly<Record<string, string>>): Action | undefined {
  let found: Action | undefined;
  for (const [action, key] of bindings(own)) {
    if (key !== stroke) continue;
    if (own[action] !== undefined) return action; // a chosen key beats a default
    found ??= action;
  }
  return found;
}

/** `KeyQ` as people read it: `Q`. */
export function keyLabel(stroke: string): string {
  return stroke
    .replace('Shift+Slash', '?')
    .replace(/Key([A-Z])/, '$1')
    .replace(/Digit(\d)/, '$1')
    .replace('ArrowLeft', '←').replace('ArrowRight', '→').replace('ArrowUp', '↑').replace('ArrowDown', '↓')
    .replace('Equal', '+').replace('Minus', '−').replace('Escape', 'Esc');
}
