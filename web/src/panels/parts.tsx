/** Small pieces that panels share. */
import type { ComponentChildren, RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import { openPanels, togglePanel, type PanelName } from '../state/store.ts';

export function Panel(props: { name: PanelName; title: string; children: ComponentChildren; wide?: boolean }) {
  if (!openPanels.value.has(props.name)) return null;
  return (
    <section id={`panel-${props.name}`} class={`panel panel-${props.name}`} aria-label={props.title} tabIndex={-1}>
      <header>
        <h2>{props.title}</h2>
        <button class="close" aria-label={`Close ${props.title}`} onClick={() => togglePanel(props.name, false)}>×</button>
      </header>
      {props.children}
    </section>
  );
}

/** A bar that also says its value in words. */
export function Meter(props: { label: string; value: number; max: number; text: string; tone?: string }) {
  const share = props.max > 0 ? Math.min(1, Math.max(0, props.value / props.max)) : 0;
  const tone = share < 0.25 ? 'bad' : share < 0.5 ? 'warn' : (props.tone ?? 'good');
  return (
    <div class="meter" role="meter" aria-label={props.label} aria-valuemin={0} aria-valuemax={props.max} aria-valuenow={Math.round(props.value)} aria-valuetext={props.text}>
      <span class="meter-label">{props.label}</span>
      <span class="meter-track"><span class={`meter-fill ${tone}`} style={{ width: `${share * 100}%` }} /></span>
      <span class="meter-text">{props.text}</span>
    </div>
  );
}

/** Keeps the end of a log in sight while it grows or its room changes, but for who has scrolled back to read. */
export function useEndInSight(log: RefObject<HTMLElement | null>, shown: unknown): void {
  useEffect(() => {
    const box = log.current;
    if (!box) return undefined;
    let atEnd = true;
    const toEnd = () => { if (atEnd) box.scrollTo(0, box.scrollHeight); };
    const note = () => { atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 48; };
    const sizes = new ResizeObserver(toEnd), lines = new MutationObserver(toEnd);
    sizes.observe(box);
    for (const child of box.children) sizes.observe(child);
    lines.observe(box, { childList: true, subtree: true });
    box.addEventListener('scroll', note, { passive: true });
    toEnd();
    return () => {
      sizes.disconnect();
      lines.disconnect();
      box.removeEventListener('scroll', note);
    };
  }, [shown]);
}

export function Kbd(props: { children: ComponentChildren }) {
  return <kbd>{props.children}</kbd>;
}
