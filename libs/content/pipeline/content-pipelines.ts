import { Injectable } from '@nestjs/common';
import { PermanentError, type JobContext } from '@longhaul/jobs/worker';
import type { ContentItemEntity } from '../content-item.entity.js';
import { DraftReader } from '../draft.reader.js';
import type { ItemBrief } from '../generators/generator.js';
import { revisionStep } from '../generators/requests.js';
import type { Usage } from '../generators/usage.js';
import { mostVersions } from '../version-limit.js';
import { PipelineRun, runStages, type PipelineState, type StageRecord } from './pipeline.js';
import { Stages } from './stages.js';

/** Result of a task that made or judged a version. */
export interface PipelineResult {
  readonly content_id: string;
  readonly version: number;
  readonly title: string;
  readonly slug: string | null;
  readonly quality_score: number | null;
  readonly refinements: number;
  readonly stages: readonly StageRecord[];
  readonly usage: Usage;
  readonly links: { readonly content: string; readonly version: string };
}

export interface RevisionRequest {
  readonly contentId: string;
  readonly version: number;
  readonly instructions: string;
}

type Context = JobContext<object, PipelineState>;

/** The ways to a version, from a topic and from a version that somebody wants to be different, and to a verdict on one. */
@Injectable()
export class ContentPipelines {
  constructor(
    private readonly stages: Stages,
    private readonly reader: DraftReader,
  ) {}

  /** @param sources URLs and texts. */
  async generate(context: Context, item: ItemBrief, sources: readonly string[]): Promise<PipelineResult> {
    const { stages } = this;
    const run = new PipelineRun(context, context.jobId, item);
    await runStages(
      [stages.research(sources), stages.draft(), stages.evaluate(), stages.refine(), stages.seo(), stages.submit()],
      run,
    );
    return this.resultOf(run);
  }

  /**
   * @throws PermanentError `not_found` for an item of somebody else too, `stale_version` when there is a newer one,
   *   `too_many_versions`.
   */
  async revise(context: Context, { contentId, version, instructions }: RevisionRequest): Promise<PipelineResult> {
    const item = await this.itemOf(context, contentId, version);
    const made = await this.reader.madeBy(context.jobId, revisionStep);
    if (made === null && item.latestVersion !== version) {
      throw new PermanentError('stale_version', `Version ${version} is not the newest one: ${item.latestVersion} is.`);
    }
    if (made === null && version >= mostVersions) {
      throw new PermanentError('too_many_versions', `There are ${mostVersions} versions, and there may be no more.`);
    }
    const { stages } = this;
    const run = new PipelineRun(context, contentId, item);
    await runStages([stages.revise(version, instructions), stages.evaluate(), stages.seo(), stages.submit()], run);
    return this.resultOf(run);
  }

  /**
   * Judges a version, unless that was done, or a newer one took its place before anybody decided on it.
   * @throws PermanentError `not_found` for an item of somebody else too.
   */
  async evaluate(
    context: Context,
    { contentId, version }: Omit<RevisionRequest, 'instructions'>,
  ): Promise<PipelineResult> {
    const item = await this.itemOf(context, contentId, version);
    const run = new PipelineRun(context, contentId, item);
    if (item.latestVersion > version && (await this.reader.version(contentId, version))?.state === 'DRAFT') {
      context.log('info', `Version ${version} was superseded by version ${item.latestVersion}: it is not judged.`);
      return this.resultOf(run, version);
    }
    await runStages([this.stages.evaluate(version)], run);
    return this.resultOf(run);
  }

  private async itemOf({ ownerId }: Context, contentId: string, version: number): Promise<ContentItemEntity> {
    const item = await this.reader.item(contentId);
    if (item === null || item.ownerId !== ownerId || version > item.latestVersion) {
      throw new PermanentError('not_found', 'There is no such version of content of yours.');
    }
    return item;
  }

  private async resultOf(run: PipelineRun, version: number = run.version): Promise<PipelineResult> {
    const { itemId, state } = run;
    const item = await this.reader.item(itemId);
    const made = await this.reader.version(itemId, version);
    return {
      content_id: itemId,
      version,
      title: made?.title ?? '',
      slug: item?.slug ?? null,
      quality_score: made?.quality?.score ?? null,
      refinements: state.refinements,
      stages: state.stages,
      usage: state.usage,
      links: { content: `/content/${itemId}`, version: `/content/${itemId}/versions/${version}` },
    };
  }
}
