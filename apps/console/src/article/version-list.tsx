import { Button, Group, Table, Text } from '@mantine/core';
import { useState } from 'react';
import type { Content, ListedVersion, Version } from '../content/content.js';
import { useVersions } from '../content/content-queries.js';
import { QualityBadge } from '../content/quality-badge.js';
import { StateBadge } from '../content/state-badge.js';
import { texts } from '../texts.js';
import { ButtonLink } from '../ui/button-link.js';
import { Failed, Loading } from '../ui/states.js';
import { AbsoluteTime } from '../ui/time.js';
import { Who } from '../ui/who.js';
import { nothingWritten, type KeptText, type Written } from './kept-text.js';
import { RollbackDialog } from './rollback-dialog.js';

interface VersionListProps {
  readonly contentId: string;
  /** The newest one, as it was seen. */
  readonly newest: Version;
  readonly kept: KeptText;
  readonly onDone: (content: Content) => void;
  readonly onConflict: () => void;
}

/** Every version, newest first: to read, to compare, to bring back. */
export function VersionList({ contentId, newest, kept, onDone, onConflict }: VersionListProps) {
  const { data, error, refetch } = useVersions(contentId);
  const [asked, ask] = useState<number | null>(null);
  const leave = (number: number, written: Written = nothingWritten) => {
    kept.keep(`rollback ${number}`, written);
    ask(null);
  };
  if (error !== null) return <Failed error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  return (
    <>
      <Table.ScrollContainer
        minWidth={860}
        type="native"
        tabIndex={0}
        role="region"
        aria-label={texts.article.tabs.versions}
      >
        <Table verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              {[...texts.article.versionColumns, texts.article.actions].map((name) => (
                <Table.Th key={name}>{name}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.toReversed().map((version) => (
              <Row
                key={version.number}
                contentId={contentId}
                version={version}
                newest={newest.number}
                onRollback={() => ask(version.number)}
              />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {asked !== null && (
        <RollbackDialog
          contentId={contentId}
          etag={newest.etag}
          number={asked}
          written={kept.of(`rollback ${asked}`)}
          onClose={(written) => leave(asked, written)}
          onDone={(content) => {
            leave(asked);
            onDone(content);
          }}
          onConflict={(written) => {
            leave(asked, written);
            onConflict();
          }}
        />
      )}
    </>
  );
}

interface RowProps {
  readonly contentId: string;
  readonly version: ListedVersion;
  readonly newest: number;
  readonly onRollback: () => void;
}

function Row({ contentId, version, newest, onRollback }: RowProps) {
  const { number, origin, state, quality, reason, created_at: at, task_id: task } = version;
  return (
    <Table.Tr>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        <Text size="sm" fw={600}>
          {texts.content.version(number)}
        </Text>
        <Text size="xs" c="dimmed">
          {texts.content.origins[origin]}
        </Text>
      </Table.Td>
      <Table.Td>
        <StateBadge state={state} />
      </Table.Td>
      <Table.Td>
        <QualityBadge score={quality?.score} />
      </Table.Td>
      <Table.Td>
        {task === null ? <Who id={version.author_id} name={version.author_name} /> : texts.article.pipeline}
      </Table.Td>
      <Table.Td>
        <AbsoluteTime at={at} />
      </Table.Td>
      <Table.Td maw={260}>
        <Text size="sm" style={{ overflowWrap: 'anywhere' }} lineClamp={4}>
          {reason ?? texts.none}
        </Text>
      </Table.Td>
      <Table.Td>
        <Group gap={4} wrap="nowrap">
          <ButtonLink
            to="/content/$contentId"
            params={{ contentId }}
            search={number === newest ? {} : { version: number }}
            size="compact-sm"
            variant="subtle"
            aria-label={texts.article.viewVersion(number)}
          >
            {texts.article.view}
          </ButtonLink>
          {number !== newest && (
            <>
              <ButtonLink
                to="/content/$contentId"
                params={{ contentId }}
                search={{ tab: 'compare', from: number, to: newest }}
                size="compact-sm"
                variant="subtle"
                aria-label={texts.article.compareVersion(number)}
              >
                {texts.article.compare}
              </ButtonLink>
              <Button
                size="compact-sm"
                variant="subtle"
                aria-label={texts.article.rollbackTitle(number)}
                onClick={onRollback}
              >
                {texts.article.rollback}
              </Button>
            </>
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
