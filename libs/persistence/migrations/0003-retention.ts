import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What retention needs: how to find old jobs and keys, the one way to remove jobs, and the ids that answer 410. */
export class Retention1700000000003 implements MigrationInterface {
  readonly name = 'Retention1700000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX jobs_finished ON jobs (finished_at) WHERE finished_at IS NOT NULL;
      -- Small: a key goes a day after its job has ended.
      CREATE INDEX jobs_old_keys ON jobs (finished_at) WHERE finished_at IS NOT NULL AND idempotency_key IS NOT NULL;

      CREATE TABLE removed_jobs (
        id         uuid PRIMARY KEY,
        owner_id   text NOT NULL,
        removed_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX removed_jobs_age ON removed_jobs (removed_at);

      -- The apps may delete neither jobs nor events. This function, which runs as the owner of the schema, is their only
      -- way, and it does not take their word: a job must have ended, and none of its events may be younger than the
      -- limit, which is a day at least. The apps' role could set jobs.finished_at back, but not the time of an event.
      -- Jobs are taken until max_events is reached, one at least: their events are what costs time.
      CREATE FUNCTION remove_finished_jobs(older_than interval, max_jobs integer, max_events integer) RETURNS integer
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
      DECLARE
        ids uuid[];
      BEGIN
        IF older_than IS NULL OR older_than < interval '1 day' THEN
          RAISE EXCEPTION 'Jobs that ended less than a day ago are not removed.' USING ERRCODE = 'invalid_parameter_value';
        END IF;
        -- The time of the last event is asked for job by job: as a join it would read all events of all jobs.
        WITH old AS (
          SELECT job.id, job.finished_at, job.last_seq FROM public.jobs job
          WHERE job.status IN ('SUCCESS', 'FAILED', 'CANCELLED') AND job.finished_at < now() - older_than
            AND coalesce((SELECT max(event.at) FROM public.job_events event WHERE event.job_id = job.id), '-infinity')
                < now() - older_than
          ORDER BY job.finished_at LIMIT least(max_jobs, 10000) FOR UPDATE OF job SKIP LOCKED
        ), line AS (
          SELECT id, sum(last_seq) OVER (ORDER BY finished_at, id) - last_seq AS events_before FROM old
        )
        SELECT coalesce(array_agg(id), '{}') INTO ids FROM line WHERE events_before < max_events;
        INSERT INTO public.removed_jobs (id, owner_id) SELECT id, owner_id FROM public.jobs WHERE id = ANY (ids);
        DELETE FROM public.job_events WHERE job_id = ANY (ids);
        DELETE FROM public.jobs WHERE id = ANY (ids);
        RETURN cardinality(ids);
      END $$;
    `);
  }

  down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
