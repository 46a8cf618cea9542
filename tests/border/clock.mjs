// Time that a stopped process does not notice: the whole test may be halted (SIGSTOP, a machine that sleeps) for minutes and
// goes on as if nothing had been. A gap between two beats counts as one beat.
const BEAT_MS = 50, GAP_MS = 2000;
let counted = 0, last = performance.now();

const beat = () => {
  const now = performance.now(), passed = now - last;
  counted += passed > GAP_MS ? BEAT_MS : passed;
  last = now;
};
setInterval(beat, BEAT_MS).unref();

/** Milliseconds since the process began, without those in which it was stopped. */
export function awakeMs() {
  beat();
  return counted;
}
