/** What a form reads of the JSON Schema of a field. */
export interface FieldSchema {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: FieldSchema;
}

export interface SubmitSchema {
  readonly properties: Readonly<Record<string, FieldSchema>>;
  readonly required?: readonly string[];
}

/** Fields that every kind has; they stand below its own. */
const common = new Set(['metadata', 'priority', 'timeout_seconds', 'max_attempts', 'run_at']);

export interface FormField {
  readonly name: string;
  readonly schema: FieldSchema;
  readonly isRequired: boolean;
}

/** The fields of a submit body, the kind's own and those of every kind; what must be given comes first. */
export function fieldsOf({ properties, required = [] }: SubmitSchema): {
  readonly own: readonly FormField[];
  readonly common: readonly FormField[];
} {
  const fields = Object.entries(properties)
    .filter(([name]) => name !== 'task_type')
    .map(([name, schema]) => ({ name, schema, isRequired: required.includes(name) }));
  const own = fields.filter(({ name }) => !common.has(name));
  return {
    own: [...own.filter(({ isRequired }) => isRequired), ...own.filter(({ isRequired }) => !isRequired)],
    common: fields.filter(({ name }) => common.has(name)),
  };
}

/** `target_length` as people read it. */
export function labelOf({ name, schema }: Pick<FormField, 'name' | 'schema'>): string {
  const words = name.replaceAll('_', ' ');
  return schema.title ?? words.charAt(0).toUpperCase() + words.slice(1);
}
