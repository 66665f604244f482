import { Anchor, Paper, Stack, Text, Title } from '@mantine/core';
import type { Version } from '../content/content.js';
import { texts } from '../texts.js';
import { LinkIcon } from '../ui/icons.js';

/** What a text rests on, by the numbers that it cites. Titles and addresses come from strangers. */
export function SourceList({ sources }: Pick<Version, 'sources'>) {
  return (
    <Paper withBorder p="md">
      <Title order={2} size="h5" mb="xs">
        {texts.article.sources}
      </Title>
      {sources.length === 0 && <Text c="dimmed">{texts.article.noSources}</Text>}
      <Stack component="ol" gap={6} m={0} pl="lg">
        {sources.map(({ title, url }, index) => (
          <li key={index} dir="auto" style={{ overflowWrap: 'anywhere' }}>
            <Source title={title} url={webAddress(url)} />
          </li>
        ))}
      </Stack>
    </Paper>
  );
}

function Source({ title, url }: { readonly title: string; readonly url: URL | null }) {
  if (url === null) return <Text size="sm">{title}</Text>;
  return (
    <Text size="sm" component="span">
      <Anchor href={url.href} target="_blank" rel="nofollow noopener noreferrer" size="sm" underline="always">
        {title === '' ? url.href : title} <LinkIcon size={13} />
      </Anchor>{' '}
      <Text span c="dimmed" size="sm">
        {url.host}
      </Text>
    </Text>
  );
}

/** Only addresses of the web become links. */
function webAddress(url: string | null): URL | null {
  const address = url === null ? null : URL.parse(url);
  return address !== null && /^https?:$/.test(address.protocol) ? address : null;
}
