import { Alert, Button, Group, List, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, type ReactNode } from 'react';
import type { Version } from '../content/content.js';
import { useReviewsOf, useVersions } from '../content/content-queries.js';
import { texts } from '../texts.js';
import { WarningIcon } from '../ui/icons.js';
import { RelativeTime } from '../ui/time.js';
import { Who } from '../ui/who.js';
import { sinceSeen, type Change } from './since-seen.js';

interface ChangedNoticeProps {
  readonly contentId: string;
  readonly seen: Pick<Version, 'number' | 'state'>;
  readonly title: string;
  readonly text: string;
  /** Ways on. */
  readonly children: ReactNode;
}

/** Says that somebody else was faster, who that was and what they did. It takes the focus, unless somebody is writing. */
export function ChangedNotice({ contentId, seen, title, text, children }: ChangedNoticeProps) {
  const { data: reviews = [] } = useReviewsOf(contentId);
  const { data: versions = [] } = useVersions(contentId);
  const notice = useRef<HTMLDivElement>(null);
  const queries = useQueryClient();
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: ['content', contentId] });
    // Whoever is writing goes on: the notice is read out to them all the same.
    if (document.activeElement?.matches('input, textarea, [role=dialog] *') === true) return;
    notice.current?.scrollIntoView({ block: 'center' });
    notice.current?.focus({ preventScroll: true });
  }, [queries, contentId]);
  return (
    <Alert ref={notice} tabIndex={-1} role="alert" color="yellow" icon={<WarningIcon />} title={title} mb="md">
      <List size="sm" mb="xs">
        {sinceSeen(seen, reviews, versions).map((change) => (
          <List.Item key={change.key}>
            <OneChange change={change} />
          </List.Item>
        ))}
      </List>
      <Text size="sm">{text}</Text>
      <Group gap="xs" mt="sm">
        {children}
      </Group>
    </Alert>
  );
}

function OneChange({ change: { actorId, actorName, isTask, what, why, at } }: { readonly change: Change }) {
  return (
    <>
      <Text span fw={600} size="sm">
        {isTask ? texts.article.pipeline : <Who id={actorId} name={actorName} />}
      </Text>{' '}
      {what}, <RelativeTime at={at} />
      {why !== null && (
        <Text size="sm" fs="italic" style={{ overflowWrap: 'anywhere' }}>
          “{why}”
        </Text>
      )}
    </>
  );
}

/** A way on from the notice. */
export function NoticeButton({ children, onClick }: { readonly children: ReactNode; readonly onClick: () => void }) {
  return (
    <Button size="xs" variant="default" onClick={onClick}>
      {children}
    </Button>
  );
}
