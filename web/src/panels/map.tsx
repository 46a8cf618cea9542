/** The galaxy map: turn, zoom, search, choose, see the way, jump. Everything also by keyboard. */
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { commands } from '../state/commands.ts';
import { lightYearsBetween, mapChoice, sameAddress } from '../state/mapChoice.ts';
import { findRoute } from '../state/route.ts';
import { cloud, openPanels, place, self, systems } from '../state/store.ts';
import { lightYears } from '../util/format.ts';
import { GalaxyView } from '../view/galaxy.ts';
import { key } from './hud.tsx';
import { Kbd, Panel } from './parts.tsx';
import { search } from './words.ts';

const words = signal('');

export function GalaxyMap() {
  if (!openPanels.value.has('map')) return null;
  return <Panel name="map" title="Galaxy map"><MapBody /></Panel>;
}

function MapBody() {
  const canvas = useRef<HTMLCanvasElement>(null), view = useRef<GalaxyView | null>(null), label = useRef<HTMLDivElement>(null);
  const list = systems.value, chosen = mapChoice.value, s = self.value;
  const here = place.value ? (list.find((x) => sameAddress(x.address, place.value!.system.address)) ?? place.value.system) : undefined;
  const range = s ? Math.min(s.fuel / 1000, s.jumpRange) : 0;
  const far = here && chosen ? lightYearsBetween(here, chosen) : 0;
  const route = here && chosen && range > 0 ? findRoute(list, here, chosen, Math.max(range, 1)) : [];
  useEffect(() => {
    commands().wantSystems();
    const c = canvas.current;
    if (!c) return undefined;
    let v: GalaxyView;
    try {
      v = new GalaxyView(c);
    } catch {
      return undefined;
    }
    view.current = v;
    const size = () => v.resize(c.clientWidth, c.clientHeight);
    const watch = new ResizeObserver(size);
    watch.observe(c);
    size();
    v.onDraw = () => {
      const m = mapChoice.value, at = m && v.onScreen(m), l = label.current;
      if (!l) return;
      l.hidden = !at;
      if (at && m) {
        l.textContent = m.name;
        l.style.transform = `translate(${Math.round(at.x + 12)}px, ${Math.round(at.y - 8)}px)`;
      }
    };
    return () => {
      watch.disconnect();
      v.dispose();
      view.current = null;
    };
  }, []);
  useEffect(() => view.current?.setSystems(list), [list]);
  useEffect(() => { if (cloud.value) view.current?.setCloud(cloud.value.at, cloud.value.weights); }, [cloud.value]);
  useEffect(() => view.current?.setMarks(here, chosen, route), [here, chosen, route.length, list]);
  useEffect(() => { if (here) view.current?.look(here.at); }, [here]);
  let drag: { x: number; y: number; moved: number } | null = null;
  const jump = () => {
    const next = route[1] ?? chosen;
    if (next) commands().jump(next.address);
  };
  return (
    <div class="map">
      <div class="map-sky">
        <canvas ref={canvas} aria-label="Systems around you. Search on the right chooses by keyboard." tabIndex={0}
          onPointerDown={(e) => { drag = { x: e.clientX, y: e.clientY, moved: 0 }; e.currentTarget.setPointerCapture(e.pointerId); }}
          onPointerMove={(e) => {
            if (!drag) return;
            view.current?.turn(e.clientX - drag.x, e.clientY - drag.y);
            drag.moved += Math.abs(e.clientX - drag.x) + Math.abs(e.clientY - drag.y);
            drag.x = e.clientX;
            drag.y = e.clientY;
          }}
          onPointerUp={(e) => {
            if (drag && drag.moved < 6) {
              const box = e.currentTarget.getBoundingClientRect();
              const hit = view.current?.pick(e.clientX - box.left, e.clientY - box.top);
              if (hit) mapChoice.value = hit;
            }
            drag = null;
          }}
          onWheel={(e) => { e.preventDefault(); view.current?.zoom(Math.sign(e.deltaY)); }}
          onKeyDown={(e) => {
            const step = { ArrowLeft: [-24, 0], ArrowRight: [24, 0], ArrowUp: [0, -24], ArrowDown: [0, 24] }[e.key];
            if (step) view.current?.turn(step[0]!, step[1]!);
            else if (e.key === '+' || e.key === '=') view.current?.zoom(-2);
            else if (e.key === '-') view.current?.zoom(2);
            else return;
            e.preventDefault();
            e.stopPropagation();
          }} />
        <div class="map-label" ref={label} hidden />
        <p class="legend"><span class="law charted">charted</span> <span class="law open">open</span> <span class="law wild">wild</span></p>
      </div>
      <div class="map-side">
        <label for="map-search">Search</label>
        <input id="map-search" data-first type="search" value={words.value} placeholder="Name of a system" onInput={(e) => { words.value = e.currentTarget.value; }}
          onKeyDown={(e) => {
            const found = search(list, words.value, here);
            const at = found.findIndex((x) => chosen && sameAddress(x.address, chosen.address));
            if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
              e.preventDefault();
              mapChoice.value = found[(at + (e.key === 'ArrowDown' ? 1 : -1) + found.length) % Math.max(1, found.length)] ?? null;
            } else if (e.key === 'Enter') {
              e.preventDefault();
              if (at >= 0) jump();
              else mapChoice.value = found[0] ?? null;
            }
          }} />
        <ul class="found scroll">
          {search(list, words.value, here).map((x) => (
            <li key={`${x.address.x},${x.address.y},${x.address.z},${x.address.index}`}>
              <button class={chosen && sameAddress(x.address, chosen.address) ? 'row chosen' : 'row'} onClick={() => { mapChoice.value = x; }}>
                <span class={`law ${x.law}`}>●</span> {x.name}<span class="dim num">{here ? lightYears(lightYearsBetween(here, x)) : ''}</span>
              </button>
            </li>
          ))}
        </ul>
        {chosen ? (
          <div class="chosen-system">
            <b>{chosen.name}</b> <span class={`law ${chosen.law}`}>{chosen.law}</span>
            <p class="dim">{here ? `${lightYears(far)} away` : ''}{chosen.stations > 0 ? ` · ${chosen.stations} station${chosen.stations > 1 ? 's' : ''}` : ' · no station'}</p>
            <p>{far <= range ? 'One jump.' : route.length > 1 ? `${route.length - 1} jumps by way of ${route[1]!.name}.` : `Out of reach: you can jump ${lightYears(range)}.`}</p>
            <button class="primary" disabled={!s || s.docked || (far > range && route.length < 2)} onClick={jump}>{s?.docked ? 'Undock to jump' : `Jump${route.length > 2 ? ` to ${route[1]!.name}` : ''}`} <Kbd>{key('jump')}</Kbd></button>
          </div>
        ) : <p class="dim">Choose a system to see the way.</p>}
      </div>
    </div>
  );
}
