import type { Message } from './child.js';

/**
 * Makes this process one that the harness started and gives orders to: it says that it is ready, carries out one order
 * after the other, and ends when the harness is gone.
 * @param orders what to do at each message; an error is told as `failed`.
 * @param about what the ready line says besides.
 */
export function obey(orders: Readonly<Record<string, (message: never) => Promise<void> | void>>, about = ''): void {
  process.on('disconnect', () => process.exit(0));
  process.on('SIGTERM', () => process.exit(0));
  process.on('message', (message: Message) => {
    Promise.resolve(orders[message.event]?.(message as never)).catch((error: Error) =>
      tell({ event: 'failed', why: error.message }),
    );
  });
  process.stdout.write(`ready ${about}\n`);
}

/** Says something to the harness. */
export function tell(message: Message): void {
  process.send?.(message);
}
