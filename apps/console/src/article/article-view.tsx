import type { Version } from '../content/content.js';
import { texts } from '../texts.js';
import classes from './article-view.module.css';
import { Markdown } from './markdown.js';

/** As the site counts them. */
const wordsPerMinute = 220;

/** A version as the public site will show it. */
export function ArticleView({ version: { title, body, seo, tags } }: { readonly version: Version }) {
  const minutes = Math.max(1, Math.round(body.split(/\s+/).length / wordsPerMinute));
  return (
    <section className={classes.paper} aria-label={texts.article.preview}>
      <article className={classes.article} dir="auto">
        <header className={classes.header}>
          <p className={classes.when}>{texts.article.minutes(minutes)}</p>
          <h2>{title}</h2>
          {seo !== null && <p className={classes.standfirst}>{seo.description}</p>}
        </header>
        <Prose text={body} />
        {tags.length > 0 && (
          <ul className={classes.tags}>
            {tags.map((tag) => (
              <li key={tag}>{tag}</li>
            ))}
          </ul>
        )}
      </article>
    </section>
  );
}

/** The text alone. */
export function Prose({ text }: { readonly text: string }) {
  return (
    <div className={classes.prose} data-prose>
      <Markdown text={text} />
    </div>
  );
}
