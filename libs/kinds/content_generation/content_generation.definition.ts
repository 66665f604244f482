import { isBrokenUrl, isSourceUrl } from '@longhaul/content';
import { refuseUrl, urlPolicyOf } from '@longhaul/http';
import type { Config } from '@longhaul/config';
import { defineKind, type InputProblem } from '@longhaul/jobs';
import { ContentGenerationInput } from './content_generation.dto.js';

const sample =
  'Solar panels turn sunlight into electric current. A system for a family home costs between eight and fifteen thousand ' +
  'euros. Half of that sum pays for the work on the roof. The panels themselves are only a third of the costs. A family ' +
  'that uses its own solar power saves several hundred euros every year. The system pays for itself after nine to thirteen years.';

export const contentGeneration = defineKind({
  name: 'content_generation',
  title: 'Content generation',
  description:
    'Writes a text from sources and puts it before the reviewers: research, draft, evaluate, refine while its quality is ' +
    'too low, search metadata, submit. Every draft is kept as a version.',
  input: ContentGenerationInput,
  example: { topic: 'What a solar roof costs', format: 'blog_post', target_length: 200, sources: [sample] },
  timeoutSeconds: 900,
  maxAttempts: 4,
  errorCodes: {
    no_sources: 'There is nothing to write from: no source could be read, or none was given and nothing was found.',
    generation_failed: 'No generator gave a usable text.',
    stale_version: 'Somebody made a newer version meanwhile; it is not superseded.',
  },
  refuse: ({ sources }, config) =>
    sources.flatMap((source, index): InputProblem[] => {
      const refusal = refusalOf(source, config);
      return refusal === null ? [] : [{ pointer: `/sources/${index}`, detail: refusal }];
    }),
});

function refusalOf(source: string, config: Config): string | null {
  if (source.trim() === '') return 'must say something';
  if (isBrokenUrl(source)) return 'is no text, and no address: that begins with http:// or https:// and a host';
  return isSourceUrl(source) ? refuseUrl(source.trim(), urlPolicyOf(config)) : null;
}
