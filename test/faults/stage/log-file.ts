import { createWriteStream, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** Keeps what the processes of one app write, and counts their lines. */
export class LogFile {
  private readonly file: WriteStream;
  private readonly perSecond = new Map<number, number>();

  constructor(readonly path: string) {
    this.file = createWriteStream(path, { flags: 'a' });
  }

  /** Takes a stream in, line by line. */
  take(stream: Readable, read: (line: string) => void): void {
    createInterface({ input: stream }).on('line', (line) => {
      const second = Math.floor(Date.now() / 1000);
      this.perSecond.set(second, (this.perSecond.get(second) ?? 0) + 1);
      if (!this.file.writableEnded) this.file.write(`${line}\n`);
      read(line);
    });
  }

  /** Lines of the busiest second. */
  get mostPerSecond(): number {
    return Math.max(0, ...this.perSecond.values());
  }

  close(): void {
    this.file.end();
  }
}
