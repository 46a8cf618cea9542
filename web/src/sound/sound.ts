/**
 * Sound made on the spot: an engine that follows thrust, lasers, hits, an alarm, docking, a chime. Starts
 * with the first key or click, as browsers demand.
 */
export type Sound = 'laser' | 'hit' | 'explosion' | 'alarm' | 'dock' | 'undock' | 'chime' | 'jump' | 'mine' | 'word';

export class SoundDesk {
  private context: AudioContext | undefined;
  private master: GainNode | undefined;
  private noise: AudioBuffer | undefined;
  private engine: { gain: GainNode; filter: BiquadFilterNode; hum: OscillatorNode } | undefined;
  private volume = 0.5;
  private muted = false;
  private readonly lastAt = new Map<Sound, number>();

  /** Call from a user's gesture. */
  wake(): void {
    if (this.context) {
      if (this.context.state === 'suspended') void this.context.resume();
      return;
    }
    if (typeof AudioContext === 'undefined') return;
    const c = new AudioContext();
    this.context = c;
    const squeeze = c.createDynamicsCompressor();
    this.master = c.createGain();
    this.master.connect(squeeze).connect(c.destination);
    this.noise = c.createBuffer(1, c.sampleRate * 2, c.sampleRate);
    const samples = this.noise.getChannelData(0);
    let brown = 0;
    for (let i = 0; i < samples.length; i++) {
      brown = (brown + (Math.random() * 2 - 1) * 0.06) / 1.02;
      samples[i] = brown * 3.2;
    }
    this.startEngine(c, this.master, this.noise);
    this.set(this.volume, this.muted);
  }

  set(volume: number, muted: boolean): void {
    this.volume = volume;
    this.muted = muted;
    if (this.context && this.master) this.master.gain.setTargetAtTime(muted ? 0 : volume * volume, this.context.currentTime, 0.05);
  }

  private startEngine(c: AudioContext, out: AudioNode, noise: AudioBuffer): void {
    const source = c.createBufferSource(), filter = c.createBiquadFilter(), gain = c.createGain(), hum = c.createOscillator(), humGain = c.createGain();
    source.buffer = noise;
    source.loop = true;
    filter.type = 'lowpass';
    filter.frequency.value = 90;
    hum.type = 'triangle';
    hum.frequency.value = 46;
    humGain.gain.value = 0.25;
    gain.gain.value = 0;
    source.connect(filter).connect(gain);
    hum.connect(humGain).connect(gain);
    gain.connect(out);
    source.start();
    hum.start();
    this.engine = { gain, filter, hum };
  }

  /** `power` 0 to 1; cruise sings higher. */
  setEngine(power: number, cruising: boolean): void {
    const c = this.context, e = this.engine;
    if (!c || !e) return;
    e.gain.gain.setTargetAtTime(power <= 0.01 ? 0.04 : 0.08 + 0.34 * power, c.currentTime, 0.15);
    e.filter.frequency.setTargetAtTime(80 + 420 * power + (cruising ? 500 : 0), c.currentTime, 0.2);
    e.hum.frequency.setTargetAtTime(42 + 26 * power + (cruising ? 40 : 0), c.currentTime, 0.3);
  }

  play(sound: Sound, loudness = 1): void {
    const c = this.context, out = this.master;
    if (!c || !out || this.muted || loudness < 0.02) return;
    const now = c.currentTime;
    if (now - (this.lastAt.get(sound) ?? -1) < 0.06) return;
    this.lastAt.set(sound, now);
    switch (sound) {
      case 'laser': this.tone('sawtooth', 1500, 180, 0.2, 0.16 * loudness); break;
      case 'hit': this.burst(900, 200, 0.22, 0.3 * loudness); break;
      case 'explosion': this.burst(700, 40, 1.6, 0.9 * loudness); this.tone('sine', 90, 28, 1.1, 0.5 * loudness); break;
      case 'alarm': for (let i = 0; i < 3; i++) this.tone('square', 740, 560, 0.16, 0.12, i * 0.24); break;
      case 'dock': this.burst(260, 80, 0.5, 0.5); this.tone('sine', 220, 165, 0.6, 0.25, 0.25); break;
      case 'undock': this.burst(500, 120, 0.7, 0.35); this.tone('sine', 165, 247, 0.5, 0.2); break;
      case 'chime': [523, 659, 784].forEach((f, i) => this.tone('sine', f, f, 0.5, 0.16, i * 0.09)); break;
      case 'jump': this.tone('sawtooth', 60, 900, 2.2, 0.16); this.burst(200, 4000, 2.4, 0.4); break;
      case 'mine': this.tone('triangle', 320, 210, 0.3, 0.12); break;
      case 'word': this.tone('sine', 880, 990, 0.07, 0.05); break;
    }
  }

  private tone(type: OscillatorType, from: number, to: number, seconds: number, gain: number, delay = 0): void {
    const c = this.context!, o = c.createOscillator(), g = c.createGain(), at = c.currentTime + delay;
    o.type = type;
    o.frequency.setValueAtTime(from, at);
    o.frequency.exponentialRampToValueAtTime(to, at + seconds);
    g.gain.setValueAtTime(0.0001, at);
    g.gain.exponentialRampToValueAtTime(gain, at + 0.012);
    g.gain.exponentialRampToValueAtTime(0.0001, at + seconds);
    o.connect(g).connect(this.master!);
    o.start(at);
    o.stop(at + seconds + 0.05);
  }

  private burst(from: number, to: number, seconds: number, gain: number): void {
    const c = this.context!, s = c.createBufferSource(), f = c.createBiquadFilter(), g = c.createGain(), at = c.currentTime;
    s.buffer = this.noise!;
    s.loop = true;
    f.type = 'lowpass';
    f.frequency.setValueAtTime(from, at);
    f.frequency.exponentialRampToValueAtTime(to, at + seconds);
    g.gain.setValueAtTime(gain, at);
    g.gain.exponentialRampToValueAtTime(0.0001, at + seconds);
    s.connect(f).connect(g).connect(this.master!);
    s.start(at, Math.random());
    s.stop(at + seconds + 0.05);
  }
}
