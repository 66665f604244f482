import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Content: items, their versions, the decisions on them, and what the public site may show. */
export class Content1700000000008 implements MigrationInterface {
  readonly name = 'Content1700000000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE EXTENSION IF NOT EXISTS pg_trgm;

      CREATE TABLE content_items (
        -- That of the task that made it.
        id                uuid PRIMARY KEY,
        owner_id          text NOT NULL,
        topic             text NOT NULL,
        format            text NOT NULL
          CONSTRAINT content_items_format CHECK (format IN ('blog_post', 'newsletter', 'social_media', 'email')),
        language          regconfig NOT NULL,
        -- Of the newest version; before there is one, what its task was given.
        tags              text[] NOT NULL DEFAULT '{}',
        -- What the pipeline was asked for: a revision works with the same.
        brief             jsonb NOT NULL,
        -- Given by the first search metadata; once an item was published it stays.
        slug              text UNIQUE,
        latest_version    integer NOT NULL DEFAULT 0,
        published_version integer,
        created_at        timestamptz NOT NULL DEFAULT now(),
        updated_at        timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX content_items_of_owner ON content_items (owner_id, id DESC);

      -- What the research found: versions are written from it, and a revision later works with the same.
      CREATE TABLE content_material (
        item_id  uuid NOT NULL REFERENCES content_items,
        place    integer NOT NULL CHECK (place > 0),
        title    text NOT NULL,
        -- Null for a text that the client gave.
        url      text,
        text     text NOT NULL,
        PRIMARY KEY (item_id, place)
      );

      CREATE TABLE content_versions (
        item_id       uuid NOT NULL REFERENCES content_items,
        number        integer NOT NULL CHECK (number > 0),
        state         text NOT NULL CONSTRAINT content_versions_state CHECK (state IN
          ('DRAFT', 'AWAITING_APPROVAL', 'APPROVED', 'REJECTED', 'PUBLISHED', 'UNPUBLISHED')),
        origin        text NOT NULL CONSTRAINT content_versions_origin CHECK (origin IN
          ('draft', 'refinement', 'edit', 'rollback')),
        -- The version that this one was made from; of a rollback, the one that it brings back.
        parent        integer,
        -- A user's id; the owner's for what a task made.
        author_id     text NOT NULL,
        -- The task and the step of it that made the version: a step that is done again finds its version.
        task_id       uuid,
        step          text,
        -- Why it was made: what a reviewer asked for, or the reason of an edit or a rollback.
        reason        text,
        title         text NOT NULL,
        -- Markdown.
        body          text NOT NULL,
        -- [{ id, title, url }]: what the body cites.
        sources       jsonb NOT NULL DEFAULT '[]',
        -- { title, description, keywords }
        seo           jsonb,
        tags          text[] NOT NULL DEFAULT '{}',
        -- Of title, body, sources, seo and tags: what a decision is bound to.
        hash          text NOT NULL CHECK (hash ~ '^[0-9a-f]{64}$'),
        quality       jsonb,
        -- { provider, model, input_tokens, output_tokens, cost }
        generator     jsonb,
        created_at    timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (item_id, number),
        UNIQUE (task_id, step),
        CONSTRAINT content_versions_maker CHECK ((task_id IS NULL) = (step IS NULL)),
        CONSTRAINT content_versions_reviewable CHECK (state = 'DRAFT' OR seo IS NOT NULL)
      );
      CREATE UNIQUE INDEX content_versions_published ON content_versions (item_id) WHERE state = 'PUBLISHED';

      -- A version is what it was made as. Only its state changes; quality and search metadata are added once, the
      -- metadata to a draft and together with the hash that covers it.
      CREATE FUNCTION keep_content_version() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
      BEGIN
        IF (NEW.item_id, NEW.number, NEW.origin, NEW.parent, NEW.author_id, NEW.task_id, NEW.step, NEW.reason, NEW.title,
            NEW.body, NEW.sources, NEW.tags, NEW.generator, NEW.created_at)
           IS DISTINCT FROM
           (OLD.item_id, OLD.number, OLD.origin, OLD.parent, OLD.author_id, OLD.task_id, OLD.step, OLD.reason, OLD.title,
            OLD.body, OLD.sources, OLD.tags, OLD.generator, OLD.created_at)
           OR (OLD.quality IS NOT NULL AND NEW.quality IS DISTINCT FROM OLD.quality)
           OR ((NEW.seo, NEW.hash) IS DISTINCT FROM (OLD.seo, OLD.hash) AND (OLD.seo IS NOT NULL OR OLD.state <> 'DRAFT'))
        THEN
          RAISE EXCEPTION 'A version of content never changes.' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER content_versions_keep BEFORE UPDATE ON content_versions
        FOR EACH ROW EXECUTE FUNCTION keep_content_version();

      -- Decisions, in one chain: each row's hash covers the row and the hash before it. The apps may only add to it.
      CREATE TABLE content_reviews (
        seq           bigint PRIMARY KEY CHECK (seq > 0),
        item_id       uuid NOT NULL,
        version       integer NOT NULL,
        version_hash  text NOT NULL,
        decision      text NOT NULL CONSTRAINT content_reviews_decision CHECK (decision IN
          ('approved', 'rejected', 'published', 'unpublished')),
        actor_id      text NOT NULL,
        -- Why: needed for a rejection, and for nothing else.
        reason        text,
        -- What the reviewer said beside.
        feedback      text,
        at            timestamptz(3) NOT NULL,
        previous_hash text NOT NULL,
        hash          text NOT NULL UNIQUE,
        FOREIGN KEY (item_id, version) REFERENCES content_versions,
        CONSTRAINT content_reviews_reason CHECK (decision <> 'rejected' OR reason IS NOT NULL)
      );
      CREATE INDEX content_reviews_of_item ON content_reviews (item_id, seq);
      -- The newest of them is the epoch of what is public.
      CREATE INDEX content_reviews_public ON content_reviews (seq) WHERE decision IN ('published', 'unpublished');

      -- No parser makes a word that begins with a space: this one keeps a search to posts of one language. By name, since
      -- another cluster may have given the language another number. A name never changes: immutable.
      CREATE FUNCTION word_of_language(language regconfig) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT ' ' || language::text
      $$;

      -- All that the public site reads: a copy of each published version, written and removed by the transaction that
      -- publishes or unpublishes. What is not here is not public.
      CREATE TABLE published_posts (
        item_id       uuid PRIMARY KEY REFERENCES content_items,
        version       integer NOT NULL,
        slug          text NOT NULL UNIQUE,
        title         text NOT NULL,
        -- The title for search engines and for links to the post.
        seo_title     text NOT NULL,
        description   text NOT NULL,
        keywords      text[] NOT NULL,
        -- Markdown.
        body          text NOT NULL,
        -- The body's headings and its text, without markup.
        headings      text NOT NULL,
        plain_text    text NOT NULL,
        sources       jsonb NOT NULL,
        tags          text[] NOT NULL,
        format        text NOT NULL,
        language      regconfig NOT NULL,
        first_published_at timestamptz NOT NULL,
        published_at  timestamptz NOT NULL,
        -- What a search looks through first: small enough to stay in the row. Title and headings also as they are
        -- written: a word that is still being typed is no stem yet, and names may be made of stop words.
        search_front  tsvector NOT NULL GENERATED ALWAYS AS (
          array_to_tsvector(ARRAY[word_of_language(language)]) ||
          setweight(to_tsvector(language, title), 'A') ||
          setweight(to_tsvector('simple', title), 'A') ||
          setweight(to_tsvector(language, left(headings, 500)), 'B') ||
          setweight(to_tsvector('simple', left(headings, 500)), 'B') ||
          setweight(to_tsvector(language, left(description, 300)), 'C')) STORED
      );
      -- The whole text of each post, for searches; kept by a trigger. A row is as wide as a page may hold, neither
      -- compressed nor stored elsewhere: a search for a phrase reads many of them, four times as fast.
      CREATE TABLE published_texts (
        item_id       uuid PRIMARY KEY REFERENCES published_posts ON DELETE CASCADE,
        search        tsvector NOT NULL
      ) WITH (toast_tuple_target = 8160);
      ALTER TABLE published_texts ALTER COLUMN search SET STORAGE EXTERNAL;
      -- The words of public titles and how many posts have them: what a misspelt word may have meant.
      CREATE TABLE title_words (
        word          text PRIMARY KEY,
        posts         integer NOT NULL CHECK (posts > 0)
      ) WITH (fillfactor = 70);
      CREATE FUNCTION words_of_title(title text) RETURNS SETOF text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT DISTINCT word FROM regexp_split_to_table(lower(title), '[^[:alnum:]]+') word
        WHERE length(word) BETWEEN 3 AND 60 ORDER BY word
      $$;
      CREATE FUNCTION index_published_post() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = public, pg_temp AS $$
      BEGIN
        IF TG_OP <> 'INSERT' THEN
          DELETE FROM title_words WHERE posts = 1 AND word IN (SELECT words_of_title(OLD.title));
          UPDATE title_words SET posts = posts - 1 WHERE word IN (SELECT words_of_title(OLD.title)) AND posts > 1;
        END IF;
        IF TG_OP <> 'DELETE' THEN
          INSERT INTO title_words SELECT word, 1 FROM words_of_title(NEW.title) word
            ON CONFLICT (word) DO UPDATE SET posts = title_words.posts + 1;
          INSERT INTO published_texts VALUES (NEW.item_id,
            array_to_tsvector(ARRAY[word_of_language(NEW.language)]) ||
            setweight(to_tsvector(NEW.language, NEW.title), 'A') ||
            setweight(to_tsvector('simple', NEW.title), 'A') ||
            setweight(to_tsvector(NEW.language, NEW.headings), 'B') ||
            setweight(to_tsvector('simple', NEW.headings), 'B') ||
            setweight(to_tsvector(NEW.language, NEW.plain_text), 'C'))
            ON CONFLICT (item_id) DO UPDATE SET search = excluded.search;
        END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER published_posts_index AFTER INSERT OR UPDATE OR DELETE ON published_posts
        FOR EACH ROW EXECUTE FUNCTION index_published_post();
      CREATE INDEX published_texts_search ON published_texts USING gin (search);
      CREATE INDEX title_words_alike ON title_words USING gin (word gin_trgm_ops);
      CREATE INDEX published_posts_newest ON published_posts (first_published_at DESC, item_id DESC);
      CREATE INDEX published_posts_languages ON published_posts (language);
      CREATE INDEX published_posts_front ON published_posts USING gin (search_front);
      -- Energy and energy are one topic.
      CREATE FUNCTION lower_tags(tags text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT coalesce(array_agg(lower(tag)), '{}') FROM unnest(tags) tag
      $$;
      CREATE INDEX published_posts_tags ON published_posts USING gin (lower_tags(tags));
    `);
  }

  down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
