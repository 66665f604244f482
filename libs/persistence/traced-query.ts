import { context, SpanKind, trace, type Span } from '@opentelemetry/api';
import { markFailed, startSpan } from '@longhaul/telemetry';

type Query = (...args: unknown[]) => unknown;
type Callback = (error: unknown, result: unknown) => void;

/** By text; there are as many as the code has statements, but for TypeORM's own. */
const summaries = new Map<string, string>();
const mostSummaries = 500;
const mostText = 2_000;

/** A connection's `query` that makes a span of every statement of a trace. Values are parameters, and not shown. */
export function tracedQuery(query: Query): Query {
  return (...args) => {
    const text = textOf(args[0]);
    if (text === undefined || trace.getActiveSpan() === undefined) return query(...args);
    const summary = summaryOf(text);
    const attributes = {
      'db.system.name': 'postgresql',
      'db.query.summary': summary,
      'db.query.text': text.replace(/\s+/g, ' ').trim().slice(0, mostText),
    };
    const span = startSpan(summary, { kind: SpanKind.CLIENT, attributes });
    const callback = args.at(-1);
    if (typeof callback === 'function') {
      const bound = context.bind(context.active(), callback as Callback);
      const answered: Callback = (error, result) => {
        ended(span, error);
        bound(error, result);
      };
      return query(...args.slice(0, -1), answered);
    }
    const answer = query(...args);
    if (!(answer instanceof Promise)) ended(span, null);
    else
      answer.then(
        () => ended(span, null),
        (error: unknown) => ended(span, error),
      );
    return answer;
  };
}

/** Verb and table: `UPDATE jobs`. Of a statement with several parts, the one that changes something. */
export function summaryOf(text: string): string {
  const known = summaries.get(text);
  if (known !== undefined) return known;
  const change = /\b(?:(UPDATE)(?! OF\b)|(INSERT) INTO|(DELETE) FROM)\s+"?(\w+)/.exec(text);
  const [, update, insert, deletion, table] = change ?? [];
  const verb = update ?? insert ?? deletion;
  const first = /^\s*(\w+)/.exec(text)?.[1].toUpperCase() ?? 'SQL';
  const from = /\bFROM\s+"?(?!unnest|jsonb|generate|\()(\w+)/i.exec(text)?.[1];
  const read = ['SELECT', 'WITH'].includes(first) ? ['SELECT', from].filter(Boolean).join(' ') : first;
  const summary = verb === undefined ? read : `${verb} ${table}`;
  if (summaries.size < mostSummaries) summaries.set(text, summary);
  return summary;
}

function textOf(query: unknown): string | undefined {
  if (typeof query === 'string') return query;
  const { text } = (query ?? {}) as { readonly text?: unknown };
  return typeof text === 'string' ? text : undefined;
}

function ended(span: Span, error: unknown): void {
  if (error !== null && error !== undefined) markFailed(span, error);
  span.end();
}
