import type { Version } from '../content/content.js';
import type { Edit } from './changes.js';

/** What stands in the fields of an editor. */
export interface Draft {
  readonly title: string;
  readonly body: string;
  readonly tags: string[];
  readonly reason: string;
}

/** The version that an edit began with, or is to begin with now. */
export type Base = Pick<Version, Field> & { readonly tags: readonly string[] };

const fields = ['title', 'tags', 'body'] as const;
export type Field = (typeof fields)[number];

/** What is not as it was. */
export function changesOf({ title, body, tags }: Draft, base: Base): Edit {
  return {
    ...(title !== base.title && { title }),
    ...(body !== base.body && { body }),
    ...(!isSame(tags, base.tags) && { tags }),
  };
}

export interface Rebased {
  readonly draft: Draft;
  /** What both have changed, each in another way: the draft keeps its own. */
  readonly clashes: readonly Field[];
}

/** Takes over from a newer version what the draft leaves as it was, and keeps what it changes. */
export function rebase(draft: Draft, base: Base, newest: Base): Rebased {
  const isMine = (field: Field) => !isSame(draft[field], base[field]);
  return {
    draft: {
      title: isMine('title') ? draft.title : newest.title,
      body: isMine('body') ? draft.body : newest.body,
      tags: isMine('tags') ? draft.tags : [...newest.tags],
      reason: draft.reason,
    },
    clashes: fields.filter(
      (field) => isMine(field) && !isSame(newest[field], base[field]) && !isSame(newest[field], draft[field]),
    ),
  };
}

function isSame(one: string | readonly string[], other: string | readonly string[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
