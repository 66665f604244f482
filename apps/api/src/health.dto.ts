/** The process is well. */
export class HealthDto {
  status: 'ok';
}
