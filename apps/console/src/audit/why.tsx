import { Text } from '@mantine/core';
import type { Review } from '../content/content.js';
import { texts } from '../texts.js';

/** The reason and the feedback of a decision. */
export function Why({ review: { reason, feedback } }: { readonly review: Pick<Review, 'reason' | 'feedback'> }) {
  return (
    <>
      {reason !== null && (
        <Text size="sm" style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
          {reason}
        </Text>
      )}
      {feedback !== null && (
        <Text
          size="sm"
          {...(reason !== null && { c: 'dimmed' })}
          style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}
        >
          {reason === null ? feedback : `${texts.audit.feedback}: ${feedback}`}
        </Text>
      )}
    </>
  );
}
