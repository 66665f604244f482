import { Alert, Group, Paper, SegmentedControl, Select, Stack, Text, Title } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Schemas } from '../api/client.js';
import type { Content } from '../content/content.js';
import { useDiff } from '../content/content-queries.js';
import { texts } from '../texts.js';
import { CopyIcon } from '../ui/icons.js';
import { Failed, Loading, State } from '../ui/states.js';
import type { ArticleSearch } from './article-search.js';
import classes from './diff.module.css';
import { SideBySide } from './side-by-side.js';
import { WordDiff } from './word-diff.js';

interface CompareViewProps {
  readonly content: Content;
  readonly newest: number;
}

/** Any two versions beside each other: unless chosen otherwise, the newest with what is public or what it was made from. */
export function CompareView({ content, newest }: CompareViewProps) {
  const search = useSearch({ from: '/shell/content/$contentId' });
  const navigate = useNavigate({ from: '/content/$contentId' });
  const isNarrow = useMediaQuery('(max-width: 48em)', false);
  if (newest === 1) {
    return (
      <State icon={<CopyIcon size={40} />} title={texts.article.oneVersion}>
        {texts.article.oneVersionText}
      </State>
    );
  }
  const to = Math.min(search.to ?? newest, newest);
  const from = Math.min(search.from ?? defaultBase(content, to), newest);
  const view = search.view ?? (isNarrow ? 'words' : 'side');
  const change = (changed: ArticleSearch) =>
    void navigate({ search: { ...search, ...changed }, replace: true, resetScroll: false });
  const numbers = Array.from({ length: newest }, (_, index) => newest - index).map((number) => ({
    value: String(number),
    label: `${texts.content.version(number)}${number === newest ? ` (${texts.article.newest})` : ''}`,
  }));
  return (
    <Stack gap="md">
      <Group gap="sm" align="end">
        <Select
          w={190}
          label={texts.article.from}
          data={numbers}
          value={String(from)}
          allowDeselect={false}
          onChange={(number) => change({ from: Number(number) })}
        />
        <Select
          w={190}
          label={texts.article.to}
          data={numbers}
          value={String(to)}
          allowDeselect={false}
          onChange={(number) => change({ to: Number(number) })}
        />
        <SegmentedControl
          aria-label={texts.article.compareAs}
          data={Object.entries(texts.article.compareViews).map(([value, label]) => ({ value, label }))}
          value={view}
          onChange={(next) => change({ view: next as 'side' | 'words' })}
        />
      </Group>
      {from === to ? (
        <Text c="dimmed">{texts.article.sameVersion}</Text>
      ) : (
        <Difference id={content.content_id} from={from} to={to} view={view} />
      )}
    </Stack>
  );
}

function defaultBase({ published_version: shown, version }: Content, to: number): number {
  const base = shown !== null && shown < to ? shown : version?.number === to ? (version.parent ?? to - 1) : to - 1;
  return Math.max(1, base);
}

interface DifferenceProps {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  readonly view: 'side' | 'words';
}

function Difference({ id, from, to, view }: DifferenceProps) {
  const { data, error, refetch } = useDiff(id, from, to);
  if (error !== null) return <Failed error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  return (
    <>
      {data.fields.length > 0 && <Fields fields={data.fields} />}
      {data.granularity !== 'words' && (
        <Alert color="gray" role="note">
          {texts.article.coarse[data.granularity]}
        </Alert>
      )}
      {data.unified === '' ? (
        <Text c="dimmed">{texts.article.sameBody}</Text>
      ) : view === 'side' ? (
        <SideBySide key={`${from}-${to}`} from={from} to={to} runs={data.words} />
      ) : (
        <WordDiff runs={data.words} />
      )}
    </>
  );
}

/** Title, tags and metadata: what they were, and what they are. */
function Fields({ fields }: { readonly fields: readonly Schemas['FieldChangeDto'][] }) {
  return (
    <Paper withBorder p="md">
      <Title order={2} size="h5" mb="xs">
        {texts.article.fieldsChanged}
      </Title>
      <Stack component="dl" gap="xs" m={0}>
        {fields.map(({ field, from, to }) => (
          <div key={field}>
            <Text component="dt" size="xs" c="dimmed">
              {texts.article.fields[field]}
            </Text>
            <Text component="dd" m={0} size="sm" className={classes.fieldText}>
              {textOf(from) !== '' && <del>{textOf(from)}</del>} {textOf(to) !== '' && <ins>{textOf(to)}</ins>}
            </Text>
          </div>
        ))}
      </Stack>
    </Paper>
  );
}

function textOf(value: string | readonly string[] | null): string {
  return Array.isArray(value) ? value.join(', ') : ((value as string | null) ?? '');
}
