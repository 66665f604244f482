/** One wrong field. */
export class FieldErrorDto {
  /** JSON pointer into the body, or `/name` of a query parameter. */
  pointer: string;
  detail: string;
}

/** Every error answer (RFC 9457, application/problem+json). */
export class ProblemDto {
  /** URN made of the code. */
  type: string;
  title: string;
  status: number;
  detail: string;
  /** Path of the request, without its query. */
  instance: string;
  /** Stable word for programs. */
  code: string;
  request_id: string;
  trace_id: string;
  /** On a failed validation: at most 20 wrong fields. */
  errors?: FieldErrorDto[];
}
