import { ConfigError, loadConfig } from './config.js';
import { secretValues } from './secret-values.js';

it.each([
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4317'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'grpc://collector:4317'],
  ['OTEL_TRACES_SAMPLER_ARG', '10'],
  ['OTEL_TRACES_SAMPLER_ARG', '-0.1'],
])('refuses %s=%s', (name, value) => {
  const load = () => loadConfig({ [name]: value });
  expect(load).toThrow(ConfigError);
  expect(load).toThrow(name);
});

it('takes what a collector and a sampler need', () => {
  const given = { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example/otlp', OTEL_TRACES_SAMPLER_ARG: '0.1' };
  expect(loadConfig(given)).toMatchObject({ OTEL_TRACES_SAMPLER_ARG: 0.1 });
});

it('knows which values are secrets, and takes no plain word for one', () => {
  const config = loadConfig({
    DATABASE_URL: 'postgres://longhaul:se%2Fcret123@db/longhaul',
    MIGRATION_DATABASE_URL: 'postgres://postgres:postgres@db/longhaul',
    OPENAI_API_KEY: 'sk-0123456789',
    ADMIN_PASSWORD: 'a long password',
  });
  expect(secretValues(config)).toEqual(['se%2Fcret123', 'se/cret123', 'a long password', 'sk-0123456789']);
});
