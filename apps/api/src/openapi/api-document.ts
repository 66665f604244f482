import { Inject, Injectable, type INestApplication } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { CONFIG, type Config } from '@longhaul/config';
import { KINDS, type KindRegistry } from '@longhaul/jobs';
import { inlineSchema, type JsonSchema } from './json-schema.js';
import { submitSchemaName } from './submit-schemas.js';

/** The OpenAPI 3.1 document of this api, made when it is first asked for: few processes ever are. */
@Injectable()
export class ApiDocument {
  private app: INestApplication | undefined;
  private document: Promise<OpenAPIObject> | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(KINDS) private readonly kinds: KindRegistry,
  ) {}

  /** Call it once, when the application has been made: the document describes its routes. */
  describe(app: INestApplication): void {
    this.app = app;
  }

  get(): Promise<OpenAPIObject> {
    this.document ??= this.make();
    return this.document;
  }

  /** JSON Schema of the whole submit body of a kind, without references. */
  async submitSchema(kind: string): Promise<JsonSchema> {
    const schemas = ((await this.get()).components?.schemas ?? {}) as Record<string, JsonSchema>;
    return inlineSchema(schemas[submitSchemaName(kind)] ?? {}, schemas);
  }

  private async make(): Promise<OpenAPIObject> {
    if (this.app === undefined) throw new Error('ApiDocument.describe(app) was not called');
    // What makes it is code that nothing else needs, so a start does without.
    const { makeDocument } = await import('./make-document.js');
    return makeDocument(this.app, [...this.kinds.values()], this.config.AUTH_LOCAL);
  }
}
