import { Textarea } from '@mantine/core';
import { texts } from '../texts.js';

/** What the api asks of a reason. */
export function isReason(text: string): boolean {
  return text.trim().length >= 10;
}

interface ReasonFieldProps {
  readonly value: string;
  readonly onChange: (text: string) => void;
  /** Somebody tried to go on without one. */
  readonly isMissed: boolean;
}

/** Why: needed, and kept. */
export function ReasonField({ value, onChange, isMissed }: ReasonFieldProps) {
  return (
    <Textarea
      label={texts.article.reason}
      description={texts.article.reasonHint}
      error={isMissed && !isReason(value) && texts.article.reasonShort}
      required
      withAsterisk
      data-autofocus
      autosize
      minRows={3}
      maxRows={10}
      maxLength={1_000}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}
