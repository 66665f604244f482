/** What a job tells the receiver of its effects, in the body of `POST`; the header `Idempotency-Key` is `<task>:<step>`. */
export interface EffectRequest {
  readonly taskId: string;
  readonly step: number;
  readonly fence: number;
  readonly attempt: number;
  readonly pid: number;
  /** Names the process beyond its pid. */
  readonly process: string;
}
