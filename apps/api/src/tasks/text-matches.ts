import type { JobEntity, JobsService } from '@longhaul/jobs';

const remembered = 1_000;

/** Which jobs a text is found in, by the same places as the list's `q`. Remembers: those places never change. */
export class TextMatches {
  private readonly known = new Map<string, boolean>();
  private readonly text: string;

  constructor(
    private readonly jobs: Pick<JobsService, 'find'>,
    text: string,
  ) {
    this.text = text.toLowerCase();
  }

  async has(jobId: string): Promise<boolean> {
    let found = this.known.get(jobId);
    if (found === undefined) {
      const job = await this.jobs.find(jobId);
      found = job !== null && this.isIn(job);
      if (this.known.size >= remembered) this.known.clear();
      this.known.set(jobId, found);
    }
    return found;
  }

  private isIn({ id, kind, metadata, input }: JobEntity): boolean {
    if (id.startsWith(this.text)) return true;
    return [kind, JSON.stringify(metadata), JSON.stringify(input)].some((place) =>
      place.toLowerCase().includes(this.text),
    );
  }
}
