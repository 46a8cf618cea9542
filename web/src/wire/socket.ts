/**
 * One WebSocket that comes back by itself: after 1, 2, 4 … 20 s with some chance, at once when the page is
 * shown again or the player asks. A silent line counts as lost.
 */
export interface SocketSink {
  opened(): void;
  message(bytes: Uint8Array): void;
  /** The line is gone; `seconds` until the next attempt. */
  lost(seconds: number): void;
}

const SILENT_MS = 12_000;
const WAITS = [1, 2, 4, 8, 15, 20];

export class Socket {
  private socket: WebSocket | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private attempts = 0;
  private heardAt = 0;
  private closed = false;

  constructor(private readonly url: string, private readonly sink: SocketSink) {
    setInterval(() => {
      if (this.socket?.readyState === WebSocket.OPEN && performance.now() - this.heardAt > SILENT_MS) this.drop();
    }, 2000);
  }

  connect(): void {
    clearTimeout(this.timer);
    this.closed = false;
    const old = this.socket;
    this.socket = undefined;
    old?.close();
    const s = new WebSocket(this.url);
    s.binaryType = 'arraybuffer';
    this.socket = s;
    s.onopen = () => {
      if (this.socket !== s) return;
      this.heardAt = performance.now();
      this.sink.opened();
    };
    s.onmessage = (e: MessageEvent<unknown>) => {
      if (this.socket !== s || !(e.data instanceof ArrayBuffer)) return;
      this.heardAt = performance.now();
      this.attempts = 0;
      this.sink.message(new Uint8Array(e.data));
    };
    s.onclose = () => { if (this.socket === s) this.drop(); };
  }

  private drop(): void {
    const s = this.socket;
    this.socket = undefined;
    s?.close();
    if (this.closed) return;
    const base = WAITS[Math.min(this.attempts++, WAITS.length - 1)]!;
    const wait = base * (0.75 + Math.random() * 0.5);
    this.sink.lost(wait);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.connect(), wait * 1000);
  }

  get open(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  send(bytes: Uint8Array<ArrayBuffer>): boolean {
    if (!this.open) return false;
    this.socket!.send(bytes);
    return true;
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    const s = this.socket;
    this.socket = undefined;
    s?.close();
  }
}
