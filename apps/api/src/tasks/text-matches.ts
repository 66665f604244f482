import type { JobsService } from '@longhaul/jobs';

const remembered = 1_000;

/** Which jobs a text is found in, by the same places as the list's `q`. Remembers: those places never change. */
export class TextMatches {
  private readonly known = new Map<string, boolean>();

  constructor(
    private readonly jobs: Pick<JobsService, 'holdsText'>,
    private readonly text: string,
  ) {}

  async has(jobId: string): Promise<boolean> {
    let found = this.known.get(jobId);
    if (found === undefined) {
      found = await this.jobs.holdsText(jobId, this.text);
      if (this.known.size >= remembered) this.known.clear();
      this.known.set(jobId, found);
    }
    return found;
  }
}
