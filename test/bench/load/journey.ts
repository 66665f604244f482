/** Where a job's whole way is followed, and how. */
export interface Journey {
  readonly url: string;
  readonly token: string;
  readonly jobs: number;
  /** `post`: the POST waits for the end; `get`: a GET after it does; `poll`: GETs without waiting, one after the other. */
  readonly way: 'post' | 'get' | 'poll';
  /** Of the POST. */
  readonly path: string;
}
