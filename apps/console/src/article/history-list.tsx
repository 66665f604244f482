import { Paper, Stack, Text } from '@mantine/core';
import { DecisionBadge } from '../audit/decision-badge.js';
import { Why } from '../audit/why.js';
import { useReviewsOf } from '../content/content-queries.js';
import { texts } from '../texts.js';
import { AuditIcon } from '../ui/icons.js';
import { Failed, Loading, State } from '../ui/states.js';
import { AbsoluteTime } from '../ui/time.js';
import { Who } from '../ui/who.js';

/** Who decided what, when and why, newest first. */
export function HistoryList({ contentId }: { readonly contentId: string }) {
  const { data, error, refetch } = useReviewsOf(contentId);
  if (error !== null) return <Failed error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  if (data.length === 0) return <State icon={<AuditIcon size={40} />} title={texts.article.noHistory} />;
  return (
    <Stack component="ol" gap="xs" m={0} p={0} style={{ listStyle: 'none' }}>
      {data.map((review) => (
        <Paper key={review.seq} component="li" withBorder p="md">
          <DecisionBadge decision={review.decision} />
          <Text size="sm" c="dimmed" mb={4}>
            {texts.content.version(review.version)} · <Who id={review.actor_id} name={review.actor_name} /> ·{' '}
            <AbsoluteTime at={review.at} />
          </Text>
          <Why review={review} />
        </Paper>
      ))}
    </Stack>
  );
}
