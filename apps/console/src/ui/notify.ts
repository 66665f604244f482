import { notifications } from '@mantine/notifications';
import { texts } from '../texts.js';

const closeButtonProps = { 'aria-label': texts.close };

/** Says for a while that something was done. */
export function notifyDone(message: string, title?: string): void {
  notifications.show({ color: 'teal', message, closeButtonProps, ...(title !== undefined && { title }) });
}

/** Says for a while that something was not done. */
export function notifyFailed(title: string, message: string): void {
  notifications.show({ color: 'red', title, message, closeButtonProps });
}
