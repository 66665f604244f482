import { defineKind } from '@longhaul/jobs';
import { ContentEvaluationInput } from './content_evaluation.dto.js';

export const contentEvaluation = defineKind({
  name: 'content_evaluation',
  title: 'Content evaluation',
  description:
    'Judges a version of an item of yours, and records its quality with it; one that has been judged keeps its verdict, ' +
    'and one that was superseded by a newer one before anybody decided on it is not judged. An edit starts one for the version that it makes. Put the `content_id` and the `version` of one of yours into the example.',
  input: ContentEvaluationInput,
  example: { content_id: '01970000-0000-7000-8000-000000000000', version: 2 },
  timeoutSeconds: 300,
  maxAttempts: 4,
  errorCodes: { not_found: 'There is no such version of content of yours.' },
});
