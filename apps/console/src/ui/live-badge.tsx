import { Tooltip } from '@mantine/core';
import type { LiveState } from '../api/event-stream.js';
import { texts } from '../texts.js';
import classes from './live-badge.module.css';

/** Whether changes show as they happen. */
export function LiveBadge({ state }: { readonly state: LiveState }) {
  return (
    <Tooltip label={texts.live.explain[state]} multiline maw={280} events={{ hover: true, focus: true, touch: true }}>
      <span className={classes.badge} data-state={state} role="status">
        {texts.live[state]}
      </span>
    </Tooltip>
  );
}
