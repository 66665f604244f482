import { defineKind } from '@longhaul/jobs';
import { ContentRevisionInput } from './content_revision.dto.js';

export const contentRevision = defineKind({
  name: 'content_revision',
  title: 'Content revision',
  description:
    'Refines the newest version of an item of yours as instructed, and puts the new version before the reviewers. ' +
    'A rejection starts one with what the reviewer asked for. The example is of an item that is not there: put in the ' +
    '`content_id` and the `version` of one of yours, as `GET /content` shows them.',
  input: ContentRevisionInput,
  example: {
    content_id: '01970000-0000-7000-8000-000000000000',
    version: 1,
    instructions: 'Say more about batteries, and make it shorter.',
  },
  timeoutSeconds: 900,
  maxAttempts: 4,
  errorCodes: {
    not_found: 'There is no such version of content of yours.',
    stale_version: 'There is a newer version than the one that was to be revised.',
    too_many_versions: 'The item has 1,000 versions, and takes no more.',
    generation_failed: 'No generator gave a usable text.',
  },
});
