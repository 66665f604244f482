import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { KindDefinition } from '@longhaul/jobs';
import { ProblemDto } from '../problems/problem.dto.js';
import { CommonFieldsDto } from '../tasks/common-fields.dto.js';
import { StreamEventDto, TaskDto } from '../tasks/task.dto.js';
import { describeOperations } from './describe-operations.js';
import { addSubmitSchemas } from './submit-schemas.js';

/**
 * The OpenAPI 3.1 document of an application's routes and kinds.
 * @param withPassword whether tokens can be had for a password.
 */
export function makeDocument(
  app: INestApplication,
  kinds: readonly KindDefinition[],
  withPassword: boolean,
): OpenAPIObject {
  const document = SwaggerModule.createDocument(app, base(withPassword), {
    extraModels: [ProblemDto, TaskDto, StreamEventDto, CommonFieldsDto, ...kinds.map((kind) => kind.input)],
  });
  addSubmitSchemas(document, kinds);
  describeOperations(document);
  return document;
}

function base(withPassword: boolean) {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Longhaul')
    .setDescription('Submit, run, watch and cancel operations that outlive an HTTP request.')
    .setVersion('0.1.0')
    .addServer('/')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, 'bearer');
  if (withPassword) {
    builder.addOAuth2({ type: 'oauth2', flows: { password: { tokenUrl: '/auth/token', scopes: {} } } }, 'password');
  }
  return builder.build();
}
