/** As much of JSON Schema as the document uses. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly example?: unknown;
  readonly examples?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
}
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly schema: Schema;
}
interface Media {
  readonly schema: Schema;
}
interface ResponseObject {
  readonly $ref?: string;
  readonly content?: Readonly<Record<string, Media>>;
}
interface OperationObject {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, ResponseObject>>;
}
/** An OpenAPI document, as far as the fuzzer reads it. */
export interface ApiDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components: { readonly responses: Readonly<Record<string, ResponseObject>> };
}

/** One call that the document describes. */
export interface Operation {
  /** Such as `GET /tasks/{id}`. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** Schema of the body by media type; none when it takes no body. */
  readonly bodies: Readonly<Record<string, Schema>>;
  /** By status: JSON pointers into the document to the schema of each media type. */
  readonly answers: ReadonlyMap<number, ReadonlyMap<string, string>>;
}

/** All operations, in the order of the document. */
export function operationsOf(document: ApiDocument): Operation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      parameters: operation.parameters ?? [],
      bodies: Object.fromEntries(
        Object.entries(operation.requestBody?.content ?? {}).map(([type, { schema }]) => [type, schema]),
      ),
      answers: answersOf(document, operation, `#/paths/${step(path)}/${method}/responses`),
    })),
  );
}

function answersOf(document: ApiDocument, operation: OperationObject, at: string): Operation['answers'] {
  return new Map(
    Object.entries(operation.responses).map(([status, given]) => {
      const pointer = given.$ref ?? `${at}/${status}`;
      const { content = {} } = given.$ref === undefined ? given : document.components.responses[nameOf(given.$ref)];
      const schemas = Object.keys(content).map((type) => [type, `${pointer}/content/${step(type)}/schema`] as const);
      return [Number(status), new Map(schemas)];
    }),
  );
}

const nameOf = (ref: string) => ref.slice(ref.lastIndexOf('/') + 1);
/** One step of a JSON pointer in a URI fragment. */
const step = (key: string) => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'));
