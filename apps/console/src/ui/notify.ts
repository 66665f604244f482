import { notifications } from '@mantine/notifications';
import { texts } from '../texts.js';

/** The library's own colour below a title is too pale to be read. */
const look = {
  closeButtonProps: { 'aria-label': texts.close },
  styles: { description: { color: 'var(--mantine-color-dimmed)' } },
};

/** Says for a while that something was done. */
export function notifyDone(message: string, title?: string): void {
  notifications.show({ color: 'teal', message, ...look, ...(title !== undefined && { title }) });
}

/** Says for a while that something was not done. */
export function notifyFailed(title: string, message: string | null): void {
  notifications.show({ color: 'red', title, message, ...look });
}
