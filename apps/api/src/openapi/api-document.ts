import { Inject, Injectable, type INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { CONFIG, type Config } from '@longhaul/config';
import { KINDS, type KindRegistry } from '@longhaul/jobs';
import { ProblemDto } from '../problems/problem.dto.js';
import { CommonFieldsDto } from '../tasks/common-fields.dto.js';
import { StreamEventDto, TaskDto } from '../tasks/task.dto.js';
import { describeOperations } from './describe-operations.js';
import { inlineSchema, type JsonSchema } from './json-schema.js';
import { addSubmitSchemas, submitSchemaName } from './submit-schemas.js';

/** The OpenAPI 3.1 document of this api, made when it is first asked for. */
@Injectable()
export class ApiDocument {
  private app: INestApplication | undefined;
  private document: OpenAPIObject | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(KINDS) private readonly kinds: KindRegistry,
  ) {}

  /** Call it once, when the application has been made: the document describes its routes. */
  describe(app: INestApplication): void {
    this.app = app;
  }

  get(): OpenAPIObject {
    this.document ??= this.make();
    return this.document;
  }

  /** JSON Schema of the whole submit body of a kind, without references. */
  submitSchema(kind: string): JsonSchema {
    const schemas = (this.get().components?.schemas ?? {}) as Record<string, JsonSchema>;
    return inlineSchema(schemas[submitSchemaName(kind)] ?? {}, schemas);
  }

  private make(): OpenAPIObject {
    if (this.app === undefined) throw new Error('ApiDocument.describe(app) was not called');
    const kinds = [...this.kinds.values()];
    const document = SwaggerModule.createDocument(this.app, this.base(), {
      extraModels: [ProblemDto, TaskDto, StreamEventDto, CommonFieldsDto, ...kinds.map((kind) => kind.input)],
    });
    addSubmitSchemas(document, kinds);
    describeOperations(document);
    return document;
  }

  private base() {
    const builder = new DocumentBuilder()
      .setOpenAPIVersion('3.1.0')
      .setTitle('Longhaul')
      .setDescription('Submit, run, watch and cancel operations that outlive an HTTP request.')
      .setVersion('0.1.0')
      .addServer('/')
      .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, 'bearer');
    if (this.config.AUTH_LOCAL) {
      builder.addOAuth2({ type: 'oauth2', flows: { password: { tokenUrl: '/auth/token', scopes: {} } } }, 'password');
    }
    return builder.build();
  }
}
