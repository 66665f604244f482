import { SpanStatusCode } from '@opentelemetry/api';
import { TracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { attributesOf, secretFilter } from './start-tracing.js';

const canary = 'CANARY0123456789abcdef';

it('spans bear no secret of an error, whoever records it', () => {
  const ended: ReadableSpan[] = [];
  const last = { ...secretFilter, onEnd: (span: ReadableSpan) => void ended.push(span) };
  const provider = new TracerProvider({ spanProcessors: [secretFilter, last] });
  const span = provider.getTracer('test').startSpan('judge', { attributes: { url: `https://a/?token=${canary}` } });
  const error = new Error(`connect to postgres://longhaul:${canary}@db:5432/longhaul failed`);
  // As the decorator of nestjs-otel does.
  span.recordException(error);
  span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
  span.end();
  const [{ attributes, events, status }] = ended;
  const said = JSON.stringify({ attributes, events, status });
  expect(said).not.toContain(canary);
  expect(said).toContain('exception.stacktrace');
  expect(status.message).toBe('connect to postgres://longhaul:[redacted]@db:5432/longhaul failed');
});

it('attributes of the resource are percent-decoded, where they are encoded', () => {
  expect(attributesOf(['team=red%2C blue', 'share=100%', 'none', '=nothing'])).toEqual({
    ...{ team: 'red, blue', share: '100%' },
  });
});
