import type { ComponentType } from 'react';
import classes from './badge.module.css';

export type Tone = 'quiet' | 'attention' | 'active' | 'good' | 'bad';

/** How something stands: its tone and its sign. */
export interface Mark {
  readonly tone: Tone;
  readonly icon: ComponentType<{ readonly size: number }>;
}

interface BadgeProps {
  readonly mark: Mark;
  readonly text: string;
  /** What it stands for, as the api writes it. */
  readonly status: string;
}

/** A state by colour, sign and word. */
export function Badge({ mark: { tone, icon: Icon }, text, status }: BadgeProps) {
  return (
    <span className={classes.badge} data-tone={tone} data-status={status}>
      <Icon size={13} />
      {text}
    </span>
  );
}
