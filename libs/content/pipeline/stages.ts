import { Injectable } from '@nestjs/common';
import { PermanentError, RetryableError } from '@longhaul/jobs/worker';
import type { ContentVersionEntity } from '../content-version.entity.js';
import { DraftReader } from '../draft.reader.js';
import { DraftStore, type NewVersion } from '../draft.store.js';
import type { PipelineAttempt } from '../fenced.js';
import { Generators } from '../generators/generators.js';
import { GeneratorError, type RefinementBase, type WrittenText } from '../generators/generator.js';
import { editsOf } from '../generators/peoples-edits.js';
import { noUsage } from '../generators/usage.js';
import { reasonOfRevision, requestsBehind, revisionStep } from '../generators/requests.js';
import { Researcher } from '../research/researcher.js';
import type { PlacedMaterial } from '../source-material.js';
import { LexiconReader } from '../text/lexicon.reader.js';
import { Judge } from './judge.js';
import type { PipelineRun, Stage } from './pipeline.js';
import { seoMetadata } from './seo-metadata.js';

/** A version may be refined for one of these reasons. */
interface Refinement {
  /** Names it within its task. */
  readonly step: string;
  readonly base: number;
  readonly instructions: string | null;
}

/** The stages of which pipelines are made. Each does nothing twice, whichever attempt does it. */
@Injectable()
export class Stages {
  constructor(
    private readonly drafts: DraftStore,
    private readonly reader: DraftReader,
    private readonly researcher: Researcher,
    private readonly generators: Generators,
    private readonly lexicons: LexiconReader,
    private readonly judge: Judge,
  ) {}

  /** Finds the material, and makes the item. @param sources URLs and texts; none: what this installation has. */
  research(sources: readonly string[]): Stage {
    return {
      name: 'research',
      run: async (run) => {
        const { context, item, itemId } = run;
        const kept = new Set(await this.reader.placesKept(itemId));
        const keep = async (material: readonly PlacedMaterial[]) => {
          context.signal.throwIfAborted();
          await this.drafts.openItem(attemptOf(context), { ...item, ownerId: context.ownerId });
          await this.drafts.keepMaterial(attemptOf(context), material);
        };
        const report = (message: string) => run.report(message);
        const count = await this.researcher.find(item, sources, { context, kept, keep, report });
        context.log('info', `Research found ${count} sources`);
      },
    };
  }

  draft(): Stage {
    return {
      name: 'draft',
      run: async (run) => {
        const step = 'draft';
        const made = (await this.reader.madeBy(run.context.jobId, step)) ?? (await this.writeDraft(run, step));
        await run.save({ version: made.number, ...run.with(made.generator ?? noUsage) });
      },
    };
  }

  /** Judges a version. @param given null: the newest one of the task. */
  evaluate(given: number | null = null): Stage {
    return {
      name: 'evaluate',
      run: async (run) => {
        const version = given ?? run.version;
        const score = await this.judged(run, version);
        await run.save({ version, best: { number: version, score } });
      },
    };
  }

  /** Refines while the text is not good enough; what comes out is the best version that there was. */
  refine(): Stage {
    return {
      name: 'refine',
      run: async (run) => {
        const { qualityThreshold, maxRefinements } = run.item.brief;
        while (run.state.refinements < maxRefinements && bestOf(run).score < qualityThreshold) {
          const round = run.state.refinements + 1;
          run.report(`refine ${round} of at most ${maxRefinements}`);
          const before = bestOf(run);
          const made = await this.refined(run, { step: `refine-${round}`, base: before.number, instructions: null });
          if (made === null) break;
          const score = await this.judged(run, made.number);
          run.context.log('info', `Refinement ${round}: quality ${before.score} → ${score}`);
          await run.save({
            version: made.number,
            refinements: round,
            best: score >= before.score ? { number: made.number, score } : before,
            ...run.with(made.generator ?? noUsage),
          });
        }
        await this.takeUpBest(run);
      },
    };
  }

  /** Refines a given version once, as it is asked for. */
  revise(version: number, instructions: string): Stage {
    return {
      name: 'refine',
      run: async (run) => {
        const made = await this.refined(run, { step: revisionStep, base: version, instructions });
        if (made === null) throw new Error('A revision makes a version, whatever comes out.');
        await run.save({ version: made.number, refinements: 1, ...run.with(made.generator ?? noUsage) });
      },
    };
  }

  /** Adds what search engines show, and the slug. */
  seo(): Stage {
    return {
      name: 'seo',
      run: async (run) => {
        const { context, item, itemId } = run;
        const version = await this.versionOf(itemId, run.version);
        const lexicon = await this.lexicons.lexiconOf(item.language, [version.title, version.body]);
        await this.drafts.addSeo(attemptOf(context), itemId, version.number, seoMetadata(version, item, lexicon));
      },
    };
  }

  /** Puts the version before the reviewers. */
  submit(): Stage {
    return {
      name: 'submit',
      run: async ({ context, itemId, version }) => {
        const awaits = await this.drafts.submit(attemptOf(context), itemId, version);
        if (!awaits) context.log('warn', `Version ${version} is not submitted: there is a newer one by now`);
      },
    };
  }

  private async writeDraft(run: PipelineRun, step: string): Promise<ContentVersionEntity> {
    const { sources, title, body, use } = await this.write(run, null);
    return this.add(run, { step, origin: 'draft', parent: null, reason: null, title, body, sources, generator: use });
  }

  /** The refined version; null when nothing came out but the same text again, and nobody asked for it. */
  private async refined(
    run: PipelineRun,
    { step, base, instructions }: Refinement,
  ): Promise<ContentVersionEntity | null> {
    const made = await this.reader.madeBy(run.context.jobId, step);
    if (made !== null) return made;
    const versions = await this.reader.versionsUpTo(run.itemId, base);
    const current = versions.at(-1);
    if (current?.number !== base) throw new PermanentError('not_found', `There is no version ${base}.`);
    const { title, body, sources, changes, use } = await this.write(run, {
      current,
      quality: current.quality,
      instructions,
      earlier: requestsBehind(versions),
      edits: editsOf(versions),
    });
    const same = title === current.title && body === current.body;
    if (same && instructions === null) {
      run.context.log('info', 'The generator has nothing to change any more');
      return null;
    }
    const done = same ? `It came out the same. ${changes}` : changes;
    const reason =
      instructions === null ? `${complaintsOf(current)} ${done}`.trim() : reasonOfRevision(instructions, done);
    return this.add(run, { step, origin: 'refinement', parent: base, reason, title, body, sources, generator: use });
  }

  /** Only the newest version can be submitted: a better one before it is made the newest again. */
  private async takeUpBest(run: PipelineRun): Promise<void> {
    const best = bestOf(run);
    if (best.number === run.version) return;
    const { title, body, sources } = await this.versionOf(run.itemId, best.number);
    const reason = `Version ${best.number} again: with a quality of ${best.score} it is the best one.`;
    const made = await this.add(run, {
      ...{ step: 'best', origin: 'refinement', parent: best.number, reason, title, body, sources },
      generator: { provider: 'none', model: null, ...noUsage },
    });
    await this.judged(run, made.number);
    await run.save({ version: made.number, best: { number: made.number, score: best.score } });
  }

  private async write(run: PipelineRun, base: RefinementBase | null): Promise<WrittenText> {
    const { context, item, itemId } = run;
    const material = await this.reader.material(itemId);
    const texts = [item.topic, item.brief.primaryKeyword ?? '', ...item.tags, ...material.map(({ text }) => text)];
    const more = base === null ? [] : [base.current.title, base.current.body, base.instructions ?? '', ...base.earlier];
    const lexicon = await this.lexicons.lexiconOf(item.language, [...more, ...texts]);
    try {
      return await this.generators.write(
        { item, material, lexicon, base },
        {
          signal: context.signal,
          progress: (words) => run.report(`${base === null ? 'draft' : 'refine'}: ${words} words`),
          warn: (message, data) => context.log('warn', message, data),
        },
      );
    } catch (error) {
      if (!(error instanceof GeneratorError)) throw error;
      // A later attempt begins with what this one has spent in vain.
      await run.save(run.with(error.usage));
      throw error.transient
        ? new RetryableError('generation_failed', error.message, error.retryAfter ?? undefined)
        : new PermanentError('generation_failed', error.message);
    }
  }

  private add(run: PipelineRun, version: Omit<NewVersion, 'itemId' | 'after'>): Promise<ContentVersionEntity> {
    run.context.signal.throwIfAborted();
    const after = run.state.version ?? version.parent ?? 0;
    return this.drafts.addVersion(attemptOf(run.context), { itemId: run.itemId, after, ...version });
  }

  /** Judges a version and records the verdict, if that was not done yet. */
  private async judged(run: PipelineRun, number: number): Promise<number> {
    const { context, item, itemId } = run;
    const version = await this.versionOf(itemId, number);
    if (version.quality !== null) return version.quality.score;
    const quality = await this.judge.judge(itemId, item, version, context.signal);
    await this.drafts.addQuality(attemptOf(context), itemId, number, quality);
    context.log('info', `Version ${number} has a quality of ${quality.score}`, {
      criteria: Object.fromEntries(quality.criteria.map(({ name, score }) => [name, score])),
    });
    return quality.score;
  }

  private async versionOf(itemId: string, number: number): Promise<ContentVersionEntity> {
    const version = await this.reader.version(itemId, number);
    if (version === null) throw new Error(`There is no version ${number}.`);
    return version;
  }
}

function attemptOf({ jobId, fence }: PipelineRun['context']): PipelineAttempt {
  return { jobId, fence };
}

function bestOf({ state: { best } }: PipelineRun): { readonly number: number; readonly score: number } {
  if (best === null) throw new Error('Nothing has been judged yet.');
  return best;
}

/** What the verdict on a version found fault with. */
function complaintsOf({ quality }: ContentVersionEntity): string {
  if (quality === null) return '';
  const low = quality.criteria.filter(({ score }) => score < 80).map(({ name }) => name.replaceAll('_', ' '));
  return `Quality was ${quality.score}${low.length > 0 ? `, low in ${low.join(', ')}` : ''}.`;
}
