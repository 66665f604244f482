import type { Stage } from '../stage/stage.js';

/** A lease of a leader that was taken before it had run out. */
export interface Usurpation {
  readonly by: string;
  readonly from: string;
  /** What was left of it. */
  readonly leftMs: number;
}

/** Lets the database itself note every change of a leader: whoever only looks now and then would miss the short ones. */
export async function watchLeaders(stage: Stage): Promise<void> {
  await stage.sql(`
    CREATE SCHEMA witness;
    CREATE TABLE witness.usurpations (taken_by text, taken_from text, left_ms double precision);
    CREATE FUNCTION witness.note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
      INSERT INTO witness.usurpations
      VALUES (NEW.holder, OLD.holder, extract(epoch FROM OLD.expires_at - now()) * 1000);
      RETURN NULL;
    END $$;
    CREATE TRIGGER witness AFTER UPDATE ON leader_leases FOR EACH ROW
    WHEN (OLD.holder <> NEW.holder AND OLD.expires_at > now()) EXECUTE FUNCTION witness.note()`);
}

export async function readUsurpations(stage: Stage): Promise<Usurpation[]> {
  return stage.sql<Usurpation & Record<string, unknown>>(
    'SELECT taken_by AS by, taken_from AS from, round(left_ms)::integer AS "leftMs" FROM witness.usurpations',
  );
}
