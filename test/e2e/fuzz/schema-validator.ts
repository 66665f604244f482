import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { ApiDocument, Schema } from './api-description.js';

/** Checks values against schemas of the document (JSON Schema 2020-12, as OpenAPI 3.1 has it). */
export class SchemaValidator {
  private readonly ajv = new Ajv2020({ strict: false, validateSchema: false, allErrors: false });
  private readonly byPointer = new Map<string, ValidateFunction>();
  private readonly bySchema = new Map<Schema, ValidateFunction>();

  constructor(document: ApiDocument) {
    addFormats.default(this.ajv);
    this.ajv.addSchema(document, 'api:document');
  }

  /** What is wrong with the value; null when it fits. @param pointer of the schema in the document, with `#`. */
  problemAt(pointer: string, value: unknown): string | null {
    let validate = this.byPointer.get(pointer);
    if (validate === undefined) {
      validate = this.ajv.compile({ $ref: `api:document${pointer}` });
      this.byPointer.set(pointer, validate);
    }
    return validate(value) ? null : this.ajv.errorsText(validate.errors);
  }

  fits(schema: Schema, value: unknown): boolean {
    let validate = this.bySchema.get(schema);
    if (validate === undefined) {
      validate = this.ajv.compile(absolute(schema) as object);
      this.bySchema.set(schema, validate);
    }
    return validate(value);
  }
}

/** The schema with its references made to point into the document. */
function absolute(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(absolute);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [
    key,
    key === '$ref' ? `api:document${inner}` : absolute(inner),
  ]);
  return Object.fromEntries(entries) as unknown;
}
