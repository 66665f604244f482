import { problemCodes, type ProblemCode } from './problem-codes.js';

/** One wrong field: `pointer` is a JSON pointer into the body, or `/name` of a query parameter. */
export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
}

interface ProblemExtras {
  readonly errors?: readonly FieldError[];
  /** Response headers, such as Retry-After. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Most field errors in one answer: a hostile body must not cost a large one. */
export const maxFieldErrors = 20;

/** An error meant for the client. Everything else that is thrown becomes a 500 that tells nothing. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly errors: readonly FieldError[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly code: ProblemCode,
    /** One sentence for people about this occurrence; never quotes markup of the client. */
    readonly detail: string = problemCodes[code].meaning,
    extras: ProblemExtras = {},
    options?: ErrorOptions,
  ) {
    super(detail, options);
    this.errors = extras.errors?.slice(0, maxFieldErrors);
    this.headers = extras.headers ?? {};
  }

  get status(): number {
    return problemCodes[this.code].status;
  }
}

/** A body that does not fit: 422 with every wrong field. */
export function invalidBody(errors: readonly FieldError[]): Problem {
  return new Problem('validation_failed', 'The body does not fit; see errors.', { errors });
}

/** The one answer for "not there" and "not yours". */
export function noSuchTask(): Problem {
  return new Problem('not_found', 'There is no such task.');
}

/** The same answer for content. */
export function noSuchContent(): Problem {
  return new Problem('not_found', 'There is no such content.');
}

/** The header of a refusal that does not last. */
export function retryAfter(seconds: number): Pick<ProblemExtras, 'headers'> {
  return { headers: { 'retry-after': String(Math.max(1, Math.ceil(seconds))) } };
}
