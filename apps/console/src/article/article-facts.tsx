import { Anchor } from '@mantine/core';
import type { Content, Version } from '../content/content.js';
import { QualityBadge } from '../content/quality-badge.js';
import { texts } from '../texts.js';
import { Fact, Facts } from '../ui/facts.js';
import { formatCount } from '../ui/format.js';
import { LinkIcon } from '../ui/icons.js';
import { RelativeTime } from '../ui/time.js';
import { Who } from '../ui/who.js';

interface ArticleFactsProps {
  readonly content: Content;
  /** The one that is shown. */
  readonly version: Version;
}

/** Whose, how it was made, how good it is, what is public of it. */
export function ArticleFacts({ content, version }: ArticleFactsProps) {
  const { links, published_version: shown } = content;
  return (
    <Facts>
      <Fact name={texts.content.columns.owner}>
        <Who id={content.owner_id} />
      </Fact>
      <Fact name={texts.article.facts.format}>
        {texts.content.formats[content.format]}, {content.language}
      </Fact>
      <Fact name={texts.content.columns.quality}>
        <QualityBadge score={version.quality?.score} />
      </Fact>
      <Fact name={texts.article.facts.made}>
        {texts.content.origins[version.origin]} <RelativeTime at={version.created_at} />
      </Fact>
      <Fact name={texts.article.facts.by}>
        {version.task_id === null ? <Who id={version.author_id} /> : texts.article.pipeline}
      </Fact>
      <Fact name={texts.article.facts.model}>
        <Generator use={version.generator} />
      </Fact>
      <Fact name={texts.article.facts.site}>
        {links.page === null || shown === null ? (
          texts.article.notPublic
        ) : (
          <Anchor href={links.page} target="_blank" size="sm">
            {texts.content.version(shown)} <LinkIcon size={13} />
          </Anchor>
        )}
      </Fact>
      <Fact name={texts.article.facts.why}>{version.reason ?? texts.none}</Fact>
    </Facts>
  );
}

function Generator({ use }: { readonly use: Version['generator'] }) {
  if (use === null) return texts.none;
  const tokens = use.input_tokens + use.output_tokens;
  return [use.model ?? use.provider, tokens > 0 && texts.article.tokens(formatCount(tokens))]
    .filter(Boolean)
    .join(', ');
}
