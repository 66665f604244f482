import {
  context,
  INVALID_SPAN_CONTEXT,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
  type Context,
  type Span,
  type SpanContext,
  type SpanOptions,
} from '@opentelemetry/api';
import { withoutSecrets } from './secrets.js';

/** Where a span belongs; left out: under the active one. */
export interface SpanPlace extends SpanOptions {
  readonly parent?: Context;
}

const tracer = trace.getTracer('longhaul');
const noSpan = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
const traceparentPattern = /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})$/;
let tracing = false;

/** Whether spans go anywhere. Without a collector nothing below costs more than asking this. */
export function isTracing(): boolean {
  return tracing;
}

/** To be called by what starts and ends the SDK. */
export function setTracing(on: boolean): void {
  tracing = on;
}

/** Does work within a span of its own, which ends with it, and bears its error. */
export async function inSpan<T>(name: string, place: SpanPlace, work: (span: Span) => Promise<T>): Promise<T> {
  if (!tracing) return work(noSpan);
  const { parent = context.active(), ...options } = place;
  const span = tracer.startSpan(name, options, parent);
  try {
    return await context.with(trace.setSpan(parent, span), () => work(span));
  } catch (error) {
    markFailed(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/** Like {@link inSpan}, but only for work that is part of a trace already. */
export function inChildSpan<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> {
  return tracing && trace.getActiveSpan() !== undefined ? inSpan(name, options, work) : work(noSpan);
}

/** A span that somebody else ends; ask {@link isTracing} first. */
export function startSpan(name: string, { parent = context.active(), ...options }: SpanPlace): Span {
  return tracer.startSpan(name, options, parent);
}

/** The span bears the error: its name and message, without what looks like a secret, and no stack. */
export function markFailed(span: Span, error: unknown): void {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  span.setAttribute('error.type', name);
  span.setStatus({ code: SpanStatusCode.ERROR, message: withoutSecrets(message).slice(0, 500) });
}

/** The context that a W3C traceparent names; the root for none, or one that does not follow the format. */
export function contextOf(traceparent: string | null | undefined): Context {
  const [, traceId, spanId, flags] = traceparentPattern.exec(traceparent ?? '') ?? [];
  if (traceId === undefined) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: parseInt(flags, 16) & 1, isRemote: true });
}

/** The W3C traceparent that work caused by this span carries on. */
export function traceparentOf({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${String(traceFlags).padStart(2, '0')}`;
}

/** 32 hex digits, or null for none. */
export function traceIdOf(traceparent: string | null): string | null {
  return traceparentPattern.exec(traceparent ?? '')?.[1] ?? null;
}

/** The span that work goes on in, if there is one. */
export function activeSpan(): SpanContext | undefined {
  return tracing ? trace.getActiveSpan()?.spanContext() : undefined;
}
