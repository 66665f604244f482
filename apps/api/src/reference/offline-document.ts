import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { loadConfig } from '@longhaul/config';
import { definitions } from '@longhaul/kinds';
import { ApiModule } from '../api.module.js';
import { createHttpServer } from '../http/http-server.js';
import { ApiDocument } from '../openapi/api-document.js';
import type { JsonSchema } from '../openapi/json-schema.js';

/** What the api says of itself at `/docs/openapi.json` without any setting; nothing is connected to for it. */
export async function offlineDocument(): Promise<{
  document: OpenAPIObject;
  /** By kind. */
  submitSchemas: ReadonlyMap<string, JsonSchema>;
}> {
  const config = loadConfig({});
  const { adapter } = createHttpServer(config);
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule.for(config, definitions), adapter, {
    // Nothing is instantiated: the routes are read from the classes.
    preview: true,
    logger: false,
    abortOnError: false,
  });
  const api = new ApiDocument(config, new Map(definitions.map((kind) => [kind.name, kind])));
  api.describe(app);
  const schemas = definitions.map(async ({ name }) => [name, await api.submitSchema(name)] as const);
  return { document: await api.get(), submitSchemas: new Map(await Promise.all(schemas)) };
}
