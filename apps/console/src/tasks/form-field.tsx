import {
  Button,
  CloseButton,
  Fieldset,
  Group,
  Input,
  NumberInput,
  Select,
  Stack,
  Switch,
  TagsInput,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useState } from 'react';
import { texts } from '../texts.js';
import { PlusIcon } from '../ui/icons.js';
import { labelOf, type FieldSchema, type FormField as Field } from './json-schema.js';

/** Characters from which a text gets a box of several lines. */
const longText = 300;

interface FormFieldProps {
  readonly field: Field;
  /** undefined: left out. */
  readonly value: unknown;
  readonly error: string | undefined;
  readonly onChange: (value: unknown) => void;
}

/** The control that fits the schema of a field. */
export function FormField(props: FormFieldProps) {
  const { field, value, error, onChange } = props;
  const { schema, isRequired } = field;
  const shared = { label: labelOf(field), description: helpOf(schema), required: isRequired, error };
  if (schema.enum !== undefined) {
    const data = schema.enum.map((word) => ({ value: String(word), label: String(word).replaceAll('_', ' ') }));
    const chosen = value ?? schema.default;
    return (
      <Select
        {...shared}
        data={data}
        clearable={!isRequired}
        value={typeof chosen === 'string' ? chosen : null}
        onChange={(word) => onChange(word ?? undefined)}
      />
    );
  }
  switch (schema.type) {
    case 'boolean':
      return (
        <Switch
          label={shared.label}
          description={shared.description}
          error={error}
          checked={(value ?? schema.default) === true}
          onChange={({ currentTarget }) => onChange(currentTarget.checked)}
        />
      );
    case 'integer':
    case 'number':
      return (
        <NumberInput
          {...shared}
          placeholder={schema.default === undefined ? undefined : JSON.stringify(schema.default)}
          allowDecimal={schema.type === 'number'}
          clampBehavior="none"
          value={typeof value === 'number' || typeof value === 'string' ? value : ''}
          // What is no number that can be told exactly stays a text, which the validation refuses.
          onChange={(number) => onChange(number === '' ? undefined : number)}
        />
      );
    case 'string':
      return <TextField {...props} shared={shared} />;
    case 'array':
      if (schema.items?.type === 'string') return <TextsField {...props} shared={shared} />;
      return <JsonField {...props} shared={shared} />;
    case undefined:
    default:
      return <JsonField {...props} shared={shared} />;
  }
}

function helpOf({ description, default: left }: FieldSchema): string | undefined {
  const isShown = ['string', 'number'].includes(typeof left);
  return [description, isShown && texts.newTask.defaultIs(String(left))].filter(Boolean).join(' ') || undefined;
}

interface SharedProps extends FormFieldProps {
  readonly shared: {
    readonly label: string;
    readonly description: string | undefined;
    readonly required: boolean;
    readonly error: string | undefined;
  };
}

function TextField({ field: { schema }, value, onChange, shared }: SharedProps) {
  const text = typeof value === 'string' ? value : '';
  const change = (typed: string) => onChange(typed === '' ? undefined : typed);
  if (schema.format === 'date-time') return <TimeField value={text} onChange={change} shared={shared} />;
  if ((schema.maxLength ?? 0) > longText && schema.format !== 'uri') {
    return (
      <Textarea
        {...shared}
        autosize
        minRows={2}
        maxRows={12}
        value={text}
        onChange={(event) => change(event.currentTarget.value)}
      />
    );
  }
  return <TextInput {...shared} value={text} onChange={(event) => change(event.currentTarget.value)} />;
}

interface TimeFieldProps {
  readonly value: string;
  readonly onChange: (time: string) => void;
  readonly shared: SharedProps['shared'];
}

/** A moment, in the time of this device. */
function TimeField({ value, onChange, shared }: TimeFieldProps) {
  const time = Date.parse(value);
  const local = Number.isNaN(time)
    ? ''
    : new Date(time - new Date(time).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  return (
    <TextInput
      {...shared}
      type="datetime-local"
      value={local}
      onChange={({ currentTarget: { value: typed } }) => onChange(typed === '' ? '' : new Date(typed).toISOString())}
    />
  );
}

/** Several texts: short ones as tags, long ones each in a box. */
function TextsField({ field: { schema }, value, error, onChange, shared }: SharedProps) {
  const items = Array.isArray(value) ? (value as string[]) : [];
  const change = (next: readonly string[]) => onChange(next.length === 0 ? undefined : next);
  if ((schema.items?.maxLength ?? 0) <= longText) {
    return <TagsInput {...shared} value={items} onChange={change} placeholder={texts.newTask.tooLong} />;
  }
  return (
    <Fieldset legend={shared.label} radius="md">
      <Stack gap="xs">
        {items.map((text, index) => (
          <Group key={index} align="flex-start" gap="xs" wrap="nowrap">
            <Textarea
              flex={1}
              autosize
              minRows={1}
              maxRows={8}
              aria-label={texts.newTask.item(shared.label, index + 1)}
              value={text}
              onChange={({ currentTarget }) => change(items.with(index, currentTarget.value))}
            />
            <CloseButton
              aria-label={texts.newTask.remove(index + 1)}
              onClick={() => change(items.filter((_, other) => other !== index))}
            />
          </Group>
        ))}
        {shared.description !== undefined && <Input.Description>{shared.description}</Input.Description>}
        {error !== undefined && <Input.Error>{error}</Input.Error>}
        <Group justify="space-between">
          <Button size="xs" variant="light" leftSection={<PlusIcon size={14} />} onClick={() => change([...items, ''])}>
            {texts.newTask.add}
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
}

/** Anything else, as JSON. */
function JsonField({ value, error, onChange, shared }: SharedProps) {
  const [text, setText] = useState(value === undefined ? '' : JSON.stringify(value, null, 2));
  const [isBroken, setBroken] = useState(false);
  const type = (typed: string) => {
    setText(typed);
    const { ok, parsed } = parse(typed);
    setBroken(!ok);
    onChange(ok ? parsed : typed);
  };
  return (
    <Textarea
      {...shared}
      autosize
      minRows={2}
      maxRows={12}
      placeholder="{}"
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      error={isBroken ? texts.validation.json : error}
      value={text}
      onChange={({ currentTarget }) => type(currentTarget.value)}
    />
  );
}

function parse(text: string): { ok: boolean; parsed?: unknown } {
  if (text.trim() === '') return { ok: true };
  try {
    return { ok: true, parsed: JSON.parse(text) as unknown };
  } catch {
    return { ok: false };
  }
}
