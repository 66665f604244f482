/**
 * The outcome of the work, or a rejection when it takes longer than `ms`. The work itself goes on; what becomes of it
 * later is nobody's business any more.
 * @param what names the work in the error's message.
 */
export async function withinTime<T>(work: Promise<T>, ms: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${ms} ms`)), ms);
  });
  // Should it fail after the time is up, nobody listens.
  work.catch(() => undefined);
  return Promise.race([work, tooLate]).finally(() => clearTimeout(timer));
}
