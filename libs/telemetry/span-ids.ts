import { randomBytes } from 'node:crypto';

/** What the SDK asks for ids. */
interface IdGenerator {
  generateTraceId(): string;
  generateSpanId(): string;
}

let next: string | null = null;

/** Random ids; but a span can be given one, so that others can refer to it who never saw it. */
export const spanIds: IdGenerator = {
  generateTraceId: () => randomBytes(16).toString('hex'),
  generateSpanId: () => {
    const id = next ?? randomBytes(8).toString('hex');
    next = null;
    return id;
  },
};

/** What starts exactly one span, gives it this id: 16 hex digits, not all zero. */
export function withSpanId<T>(id: string, start: () => T): T {
  next = id;
  try {
    return start();
  } finally {
    next = null;
  }
}
