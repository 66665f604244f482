/** One message as it goes out, made once for all who get it. */
export interface Frame {
  readonly text: Buffer;
  /** The same as a chunk of HTTP/1.1 (RFC 9112, 7.1). */
  readonly chunk: Buffer;
}

/** One message. JSON has no raw newline, so one data line holds it. */
export function frameOf(id: string | number | null, data: object): Frame {
  return frameOfText(`${id === null ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`);
}

/** Anything else of a stream: comments and fields that are no message, ended by a blank line. */
export function frameOfText(message: string): Frame {
  const text = Buffer.from(message);
  const chunk = Buffer.concat([Buffer.from(`${text.length.toString(16)}\r\n`), text, Buffer.from('\r\n')]);
  return { text, chunk };
}

/** Several as one. */
export function framesTogether(frames: readonly Frame[]): Frame {
  const [only] = frames;
  if (only !== undefined && frames.length === 1) return only;
  return {
    text: Buffer.concat(frames.map(({ text }) => text)),
    chunk: Buffer.concat(frames.map(({ chunk }) => chunk)),
  };
}

/** A comment, which keeps proxies from taking the connection for dead. */
export const ping = frameOfText(': ping\n\n');
/** A comment that comes at once, so that proxies pass on the head. */
export const opening = frameOfText(': open\n\n');
/** The end of the answer: nothing, and the last chunk. */
export const ending: Frame = { text: Buffer.alloc(0), chunk: Buffer.from('0\r\n\r\n') };
