/**
 * Inputs that the server has not answered yet. After a lost connection those above the newest applied
 * sequence are sent again; the server ignores a sequence that it has applied, so nothing is done twice.
 */
export interface Pending {
  readonly sequence: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly what: string;
  readonly sentMs: number;
  /** What is to be taken back on the screen when it is refused. */
  readonly refused?: () => void;
}

const KEPT_MS = 20_000;
const KEPT_MAX = 32;

export class PendingInputs {
  private list: Pending[] = [];
  private last = 0;

  next(): number {
    return ++this.last;
  }

  add(p: Pending): void {
    this.list.push(p);
    if (this.list.length > KEPT_MAX) this.list.shift();
  }

  /** Takes out what was answered, and says what it was. */
  answered(sequence: number): Pending | undefined {
    const found = this.list.find((p) => p.sequence === sequence);
    this.list = this.list.filter((p) => p.sequence !== sequence);
    return found;
  }

  /** On sign-in: the server's newest applied sequence. Returns what to send again, oldest first. */
  resume(applied: number, nowMs: number): Pending[] {
    this.last = Math.max(this.last, applied);
    this.list = this.list.filter((p) => p.sequence > applied && nowMs - p.sentMs < KEPT_MS);
    return [...this.list];
  }

  clear(): void {
    this.list = [];
    this.last = 0;
  }
}
