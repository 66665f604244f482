import { Anchor, Button, Group, SimpleGrid, Stack, TagsInput, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useDeferredValue, useRef, useState, type FormEvent, type ReactNode } from 'react';
import type { Content, Version } from '../content/content.js';
import { useContent } from '../content/content-queries.js';
import { useSubject } from '../shell/window-title.js';
import { texts } from '../texts.js';
import { BackLink } from '../ui/back-link.js';
import { LinkIcon } from '../ui/icons.js';
import { notifyDone } from '../ui/notify.js';
import { Page } from '../ui/page.js';
import { Failed, Loading, NotFound } from '../ui/states.js';
import { ArticleView } from './article-view.js';
import { ChangedNotice, NoticeButton } from './changed-notice.js';
import { edit, isConflict, type Edit } from './changes.js';
import { changesOf, rebase, type Draft, type Field } from './draft.js';
import { LeaveGuard } from './leave-guard.js';
import { Refusal } from './refusal.js';

/** Makes a version out of the newest one. */
export function EditPage() {
  const { contentId } = useParams({ from: '/shell/content/$contentId/edit' });
  const { data, error, refetch } = useContent(contentId);
  if (data === undefined) {
    return error === null ? <Loading /> : <Failed isPage error={error} retry={() => void refetch()} />;
  }
  if (data.version === null) return <NotFound />;
  return <Editor key={contentId} content={data} newest={data.version} />;
}

interface EditorProps {
  readonly content: Content;
  /** The newest version, also when it came meanwhile. */
  readonly newest: Version;
}

function Editor({ content: { content_id: contentId }, newest }: EditorProps) {
  const [base, setBase] = useState(newest);
  const { title, body, tags } = base;
  const [draft, change] = useState<Draft>({ title, body, tags: [...tags], reason: '' });
  const isSaved = useRef(false);
  useSubject(newest.title);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const changed = changesOf(draft, base);
  const isDirty = Object.keys(changed).length > 0;
  const refresh = () => queries.invalidateQueries({ queryKey: ['content'] });
  const save = useMutation({
    mutationFn: () => edit({ id: contentId, etag: base.etag }, withReason(changed, draft.reason)),
    onSuccess: (saved) => {
      isSaved.current = true;
      queries.setQueryData(['content', contentId, 'item'], saved);
      notifyDone(texts.edit.saved(saved.version?.number ?? 0));
      void navigate({ to: '/content/$contentId', params: { contentId } });
    },
    onSettled: refresh,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const isOutdated = base.etag !== newest.etag && !save.isSuccess;
  const rebased = rebase(draft, base, newest);
  return (
    <>
      <BackLink to="/content/$contentId" params={{ contentId }}>
        {newest.title}
      </BackLink>
      <LeaveGuard isDirty={() => isDirty && !isSaved.current} />
      <Page title={texts.edit.title}>
        {isOutdated && (
          <ChangedNotice
            key={newest.etag}
            contentId={contentId}
            seen={base}
            title={texts.article.faster}
            text={conflictText(rebased.clashes)}
          >
            <Anchor href={`/console/content/${contentId}?tab=compare`} target="_blank" size="sm">
              {texts.edit.lookOther} <LinkIcon size={13} />
            </Anchor>
            <NoticeButton
              onClick={() => {
                setBase(newest);
                change(rebased.draft);
                save.reset();
              }}
            >
              {texts.edit.saveOver(newest.number)}
            </NoticeButton>
          </ChangedNotice>
        )}
        {save.error !== null && !isConflict(save.error) && <Refusal error={save.error} />}
        <form onSubmit={submit}>
          <Fields draft={draft} base={base} onChange={(part) => change({ ...draft, ...part })}>
            <Group>
              <Button type="submit" loading={save.isPending} disabled={!isDirty}>
                {texts.edit.save}
              </Button>
              {!isDirty && (
                <Text size="sm" c="dimmed">
                  {texts.edit.nothing}
                </Text>
              )}
            </Group>
          </Fields>
        </form>
      </Page>
    </>
  );
}

/** What becomes of what both wrote, before one decides on it. */
function conflictText(clashes: readonly Field[]): string {
  const names = clashes.map((field) => texts.edit.fields[field]);
  return `${texts.edit.conflictText} ${names.length === 0 ? texts.edit.noClash : texts.edit.clash(names.join(', '))}`;
}

function withReason(changed: Edit, reason: string): Edit {
  return reason.trim() === '' ? changed : { ...changed, reason: reason.trim() };
}

interface FieldsProps {
  readonly draft: Draft;
  readonly base: Version;
  readonly onChange: (part: Partial<Draft>) => void;
  /** What stands below the fields. */
  readonly children: ReactNode;
}

/** The fields, and beside them how it will look. */
function Fields({ draft, base, onChange, children }: FieldsProps) {
  const { title, body, tags, reason } = draft;
  const shown = useDeferredValue({ ...base, title, body, tags });
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
      <Stack gap="sm">
        <TextInput
          label={texts.edit.name}
          required
          maxLength={200}
          value={title}
          onChange={({ currentTarget }) => onChange({ title: currentTarget.value })}
        />
        <TagsInput
          label={texts.edit.tags}
          description={texts.edit.tagsHint}
          maxTags={10}
          value={tags}
          onChange={(next) => onChange({ tags: next })}
        />
        <Textarea
          label={texts.edit.body}
          description={texts.edit.bodyHint}
          required
          autosize
          minRows={16}
          maxRows={34}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13.5 } }}
          value={body}
          onChange={({ currentTarget }) => onChange({ body: currentTarget.value })}
        />
        <TextInput
          label={texts.edit.why}
          description={texts.edit.whyHint}
          maxLength={1_000}
          value={reason}
          onChange={({ currentTarget }) => onChange({ reason: currentTarget.value })}
        />
        {children}
      </Stack>
      <ArticleView version={shown} />
    </SimpleGrid>
  );
}
