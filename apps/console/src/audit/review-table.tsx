import { Group, Paper, Stack, Table, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { Review } from '../content/content.js';
import { texts } from '../texts.js';
import { TextLink } from '../ui/text-link.js';
import { AbsoluteTime } from '../ui/time.js';
import { Who } from '../ui/who.js';
import { DecisionBadge } from './decision-badge.js';
import { Why } from './why.js';

interface ReviewTableProps {
  readonly reviews: readonly Review[];
}

/** Decisions on all content, newest first: a table, or on narrow screens a list. */
export function ReviewTable({ reviews }: ReviewTableProps) {
  const isNarrow = useMediaQuery('(max-width: 48em)', false);
  return isNarrow ? <Narrow reviews={reviews} /> : <Wide reviews={reviews} />;
}

function Narrow({ reviews }: ReviewTableProps) {
  return (
    <Stack component="ol" gap="xs" m={0} p={0} style={{ listStyle: 'none' }}>
      {reviews.map((review) => (
        <Paper key={review.seq} component="li" withBorder p="sm">
          <Group justify="space-between" gap="xs" mb={4}>
            <DecisionBadge decision={review.decision} />
            <Text size="xs" c="dimmed">
              <Who id={review.actor_id} name={review.actor_name} /> · {texts.audit.no(review.seq)}
            </Text>
          </Group>
          <What review={review} />
          <Text size="xs" c="dimmed" mb={4}>
            <AbsoluteTime at={review.at} />
          </Text>
          <Why review={review} />
        </Paper>
      ))}
    </Stack>
  );
}

function Wide({ reviews }: ReviewTableProps) {
  return (
    <Table.ScrollContainer minWidth={820} type="native" tabIndex={0} role="region" aria-label={texts.audit.title}>
      <Table verticalSpacing="sm" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            {Object.values(texts.audit.columns).map((name) => (
              <Table.Th key={name}>{name}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {reviews.map((review) => (
            <Table.Tr key={review.seq}>
              <Table.Td style={{ whiteSpace: 'nowrap' }}>
                <Text size="sm">
                  <AbsoluteTime at={review.at} />
                </Text>
                <Text size="xs" c="dimmed">
                  {texts.audit.no(review.seq)}
                </Text>
              </Table.Td>
              <Table.Td>
                <Who id={review.actor_id} name={review.actor_name} />
              </Table.Td>
              <Table.Td>
                <DecisionBadge decision={review.decision} />
              </Table.Td>
              <Table.Td maw={280}>
                <What review={review} />
              </Table.Td>
              <Table.Td maw={360}>
                <Why review={review} />
              </Table.Td>
              <Table.Td ff="monospace" fz="xs" title={review.hash}>
                {review.hash.slice(0, 10)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** The version that was decided on. */
function What({ review }: { readonly review: Review }) {
  return (
    <>
      <TextLink
        to="/content/$contentId"
        params={{ contentId: review.content_id }}
        search={{ tab: 'history' }}
        style={{ overflowWrap: 'anywhere' }}
      >
        {review.title}
      </TextLink>
      <Text size="xs" c="dimmed">
        {texts.content.version(review.version)}
      </Text>
    </>
  );
}
