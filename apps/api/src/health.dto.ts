/** The process is well. */
export class HealthDto {
  status: 'ok';
}

/** Calls are served. */
export class ReadinessDto extends HealthDto {
  /** What is away although calls are served; absent when all is well. */
  degraded?: 'queue'[];
}
