import { Alert, Group, Stack, Tabs, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { isEditor, type Content, type Version } from '../content/content.js';
import { useContent, useVersion } from '../content/content-queries.js';
import { StateBadge } from '../content/state-badge.js';
import { useUser } from '../session/use-session.js';
import { useSubject } from '../shell/window-title.js';
import { texts } from '../texts.js';
import { ButtonLink } from '../ui/button-link.js';
import { BackLink } from '../ui/back-link.js';
import { ClockIcon } from '../ui/icons.js';
import { Page } from '../ui/page.js';
import { Failed, Loading, State } from '../ui/states.js';
import { ArticleActions } from './article-actions.js';
import { ArticleFacts } from './article-facts.js';
import type { ArticleTab } from './article-search.js';
import classes from './article-page.module.css';
import { ArticleView } from './article-view.js';
import { ChangedNotice, NoticeButton } from './changed-notice.js';
import { CompareView } from './compare-view.js';
import { HistoryList } from './history-list.js';
import { useKeptText, type KeptText } from './kept-text.js';
import { QualityView } from './quality-view.js';
import { SourceList } from './source-list.js';
import { VersionList } from './version-list.js';

/** One article: as it will look, how good it is, what became of it, and what is to become of it. */
export function ArticlePage() {
  const { contentId } = useParams({ from: '/shell/content/$contentId' });
  const { data, error, refetch } = useContent(contentId);
  if (data === undefined) {
    return error === null ? <Loading /> : <Failed isPage error={error} retry={() => void refetch()} />;
  }
  if (data.version === null) return <NoVersion content={data} />;
  return <Article key={contentId} newest={data} />;
}

/** What every part of the page is about. */
interface Shown {
  /** As it was when the person looked: what changes meanwhile is said, and shown when they ask for it. */
  readonly content: Content;
  readonly version: Version;
  /** What was written in dialogs that were left. */
  readonly kept: KeptText;
  readonly onDone: (content: Content) => void;
  readonly onConflict: () => void;
}

function Article({ newest }: { readonly newest: Content }) {
  const [seen, see] = useState(newest);
  /** Whether something of one's own was refused because of what others did. */
  const [isRefused, refuse] = useState(false);
  const kept = useKeptText();
  const queries = useQueryClient();
  const id = newest.content_id;
  useSubject(seen.version?.title ?? newest.topic);
  // The same text in the same state may have been judged meanwhile.
  const content = seen.version?.etag === newest.version?.etag ? newest : seen;
  const look = (at: Content) => {
    see(at);
    refuse(false);
  };
  const refresh = () => void queries.invalidateQueries({ queryKey: ['content'] });
  const onDone = (changed: Content) => {
    queries.setQueryData(['content', id, 'item'], changed);
    look(changed);
    refresh();
    void queries.invalidateQueries({ queryKey: ['reviews'] });
  };
  const onConflict = () => {
    refuse(true);
    refresh();
  };
  if (content.version === null) return null;
  const shown = { content, version: content.version, kept, onDone, onConflict };
  return (
    <>
      <Up />
      <Page
        title={<span style={{ overflowWrap: 'anywhere' }}>{content.version.title}</span>}
        beside={
          <Group gap="xs">
            <StateBadge state={content.version.state} />
            <Text span size="sm" c="dimmed">
              {texts.content.version(content.version.number)}
            </Text>
          </Group>
        }
        actions={<ArticleActions {...shown} />}
      >
        {content !== newest && (
          <Changed seen={content.version} newest={newest} isRefused={isRefused} onLook={() => look(newest)} />
        )}
        <OwnHint content={content} version={content.version} />
        <Details {...shown} />
      </Page>
    </>
  );
}

/** To where one most likely came from. */
function Up() {
  const isReviewer = isEditor(useUser());
  return (
    <BackLink to={isReviewer ? '/review' : '/content'}>
      {isReviewer ? texts.review.title : texts.content.title}
    </BackLink>
  );
}

interface ChangedProps {
  readonly seen: Version;
  readonly newest: Content;
  readonly isRefused: boolean;
  readonly onLook: () => void;
}

function Changed({ seen, newest: { content_id: contentId, version }, isRefused, onLook }: ChangedProps) {
  const navigate = useNavigate({ from: '/content/$contentId' });
  const number = version?.number ?? seen.number;
  const isOther = number !== seen.number;
  const lookAt = (search: { tab?: ArticleTab; from?: number; to?: number }) => {
    onLook();
    void navigate({ search, replace: true });
  };
  return (
    <ChangedNotice
      key={version?.etag}
      contentId={contentId}
      seen={seen}
      title={isRefused ? texts.article.faster : texts.article.changed}
      text={isRefused ? texts.article.fasterText : texts.article.changedText}
    >
      <NoticeButton onClick={() => lookAt({})}>
        {isOther ? texts.article.look(number) : texts.article.lookAgain}
      </NoticeButton>
      {isOther && (
        <NoticeButton onClick={() => lookAt({ tab: 'compare', from: seen.number, to: number })}>
          {texts.article.lookDiff}
        </NoticeButton>
      )}
    </ChangedNotice>
  );
}

/** Before an editor reads all of it in vain. */
function OwnHint({ content, version }: Pick<Shown, 'content' | 'version'>) {
  const user = useUser();
  // Whoever brings a version back has written none of it.
  const isAuthor = version.author_id === user.id && version.origin !== 'rollback';
  const isOwn = content.owner_id === user.id || isAuthor;
  if (!isOwn || !isEditor(user) || version.state !== 'AWAITING_APPROVAL') return null;
  return (
    <Text size="sm" c="dimmed" mb="md">
      {texts.article.ownHint}
    </Text>
  );
}

function Details(shown: Shown) {
  const { tab = 'article', version: number } = useSearch({ from: '/shell/content/$contentId' });
  const navigate = useNavigate({ from: '/content/$contentId' });
  const { content, version } = shown;
  const names: Record<ArticleTab, string> = texts.article.tabs;
  const older = number !== undefined && number < version.number ? number : undefined;
  const select = (next: string | null) =>
    void navigate({
      search: {
        ...(older !== undefined && { version: older }),
        ...(next !== 'article' && { tab: next as ArticleTab }),
      },
      replace: true,
      resetScroll: false,
    });
  return (
    <Tabs value={tab} onChange={select} keepMounted={false}>
      <Tabs.List mb="md" className={classes.tabs}>
        {(Object.keys(names) as ArticleTab[]).map((name) => (
          <Tabs.Tab key={name} value={name}>
            {names[name]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {(['article', 'quality'] as const).map((name) => (
        <Tabs.Panel key={name} value={name}>
          <OneVersion content={content} newest={version} older={older} part={name} />
        </Tabs.Panel>
      ))}
      <Tabs.Panel value="compare">
        <CompareView content={content} newest={version.number} />
      </Tabs.Panel>
      <Tabs.Panel value="versions">
        <VersionList
          contentId={content.content_id}
          newest={version}
          kept={shown.kept}
          onDone={shown.onDone}
          onConflict={shown.onConflict}
        />
      </Tabs.Panel>
      <Tabs.Panel value="history">
        <HistoryList contentId={content.content_id} />
      </Tabs.Panel>
    </Tabs>
  );
}

interface OneVersionProps {
  readonly content: Content;
  readonly newest: Version;
  /** Number of an older one that is to be shown instead. */
  readonly older: number | undefined;
  readonly part: 'article' | 'quality';
}

function OneVersion({ content, newest, older, part }: OneVersionProps) {
  const { data, error, refetch } = useVersion(content.content_id, older);
  if (error !== null) return <Failed error={error} retry={() => void refetch()} />;
  const version = older === undefined ? newest : data;
  if (version === undefined) return <Loading />;
  return (
    <Stack gap="md">
      {older !== undefined && (
        <Alert color="gray" role="note">
          <Group justify="space-between" gap="xs">
            {texts.article.old(older, newest.number)}
            <ButtonLink
              to="/content/$contentId"
              params={{ contentId: content.content_id }}
              search={part === 'article' ? {} : { tab: part }}
              size="xs"
              variant="default"
            >
              {texts.article.toNewest}
            </ButtonLink>
          </Group>
        </Alert>
      )}
      {part === 'quality' ? (
        <QualityView quality={version.quality} />
      ) : (
        <>
          <ArticleFacts content={content} version={version} />
          <ArticleView version={version} />
          <SourceList sources={version.sources} />
        </>
      )}
    </Stack>
  );
}

/** Its task is still at work, or failed before there was anything. */
function NoVersion({ content }: { readonly content: Content }) {
  useSubject(content.topic);
  return (
    <>
      <Up />
      <Page title={content.topic}>
        <State
          icon={<ClockIcon size={40} />}
          title={texts.article.writing}
          action={
            <ButtonLink to="/tasks/$taskId" params={{ taskId: content.content_id }} variant="light" mt="sm">
              {texts.article.watch}
            </ButtonLink>
          }
        >
          {texts.article.writingText}
        </State>
      </Page>
    </>
  );
}
