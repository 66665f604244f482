import { context, ROOT_CONTEXT, trace, type Context } from '@opentelemetry/api';
import { currentLogFields, withLogFields, type LogFields } from './log-fields.js';
import { inSpan, isTracing } from './tracing.js';

/** Who wanted something done, for the traces and logs of what is done for many together. */
export interface Caller {
  readonly fields: LogFields | undefined;
  /** None when the caller is part of no trace. */
  readonly context: Context | undefined;
}

/** Most callers that a span names. */
const mostLinks = 64;

/** Who calls now. */
export function thisCaller(): Caller {
  const traced = isTracing() && trace.getActiveSpan() !== undefined;
  return { fields: currentLogFields(), context: traced ? context.active() : undefined };
}

/**
 * Does work for one caller or several. What is done for several stands in the trace of the first, in a span that links to
 * the others. Without this it would stand under whoever happened to wake the loop.
 */
export function workFor<T>(callers: readonly Caller[], work: () => Promise<T>): Promise<T> {
  const shared = callers.length > 1;
  return withLogFields(shared ? undefined : callers[0]?.fields, () => {
    if (!isTracing()) return work();
    const [first, ...others] = callers.flatMap((caller) => caller.context ?? []);
    if (first === undefined || !shared) return context.with(first ?? ROOT_CONTEXT, work);
    const links = others.slice(0, mostLinks).flatMap((one) => {
      const of = trace.getSpanContext(one);
      return of === undefined ? [] : [{ context: of }];
    });
    const attributes = { 'longhaul.callers': callers.length };
    return inSpan('shared work', { parent: first, links, attributes }, work);
  });
}
