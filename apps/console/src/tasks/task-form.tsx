import { Accordion, Alert, Button, Code, CopyButton, Grid, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useRef, useState, type SubmitEvent } from 'react';
import { authorizedFetch } from '../api/client.js';
import { describe, Problem, problemOf } from '../api/problem.js';
import { texts } from '../texts.js';
import { CopyIcon } from '../ui/icons.js';
import { curlOf } from './curl.js';
import { FormField } from './form-field.js';
import { fieldsOf, type FormField as Field, type SubmitSchema } from './json-schema.js';
import type { Task } from './task-filter.js';
import type { TaskType } from './use-task-types.js';
import { errorsOf, validate, type FieldErrors } from './validate.js';

type Values = Readonly<Record<string, unknown>>;

interface TaskFormProps {
  readonly kind: TaskType;
  readonly initial: Values;
}

/** The form of a kind, made of its schema and judged by it, as the server does. */
export function TaskForm({ kind, initial }: TaskFormProps) {
  const schema = kind.input_schema as unknown as SubmitSchema;
  const fields = useMemo(() => fieldsOf(schema), [schema]);
  const [values, setValues] = useState<Values>(() => withoutType(initial));
  const [round, setRound] = useState(0);
  const [errors, setErrors] = useState<FieldErrors>({});
  const hasCommon = (names: object) => fields.common.some(({ name }) => name in names);
  const [isOpen, open] = useState(() => hasCommon(initial));
  const form = useRef<HTMLFormElement>(null);
  const body = useMemo(() => ({ task_type: kind.task_type, ...given(values) }), [kind.task_type, values]);
  /** What is wrong must be in sight. */
  const show = (found: FieldErrors) => {
    setErrors(found);
    if (hasCommon(found)) open(true);
  };
  const submission = useSubmission((refusal) => show(errorsOf(refusal)));
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const found = validate(kind.input_schema, body);
    show(found);
    if (Object.keys(found).length === 0) submission.mutate(body);
    else requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  };
  const fill = () => {
    setValues(withoutType(kind.example));
    setErrors({});
    setRound(round + 1);
  };
  const field = (shown: Field) => (
    <FormField
      key={`${shown.name}-${round}`}
      field={shown}
      value={values[shown.name]}
      error={errors[shown.name]}
      onChange={(value) => setValues((former) => ({ ...former, [shown.name]: value }))}
    />
  );
  return (
    <Grid gap="xl">
      <Grid.Col span={{ base: 12, lg: 7 }}>
        <form ref={form} onSubmit={submit} noValidate>
          <Stack>
            {submission.error !== null && <Refusal error={submission.error} />}
            {Object.keys(errors).length > 0 && submission.error === null && (
              <Alert color="red" role="alert">
                {texts.newTask.check}
              </Alert>
            )}
            {fields.own.map(field)}
            <Accordion variant="separated" value={isOpen ? 'common' : null} onChange={(value) => open(value !== null)}>
              <Accordion.Item value="common">
                <Accordion.Control>{texts.newTask.common}</Accordion.Control>
                <Accordion.Panel>
                  <Stack>{fields.common.map(field)}</Stack>
                </Accordion.Panel>
              </Accordion.Item>
            </Accordion>
            <Group>
              <Button type="submit" loading={submission.isPending}>
                {texts.newTask.submit}
              </Button>
              <Button variant="default" onClick={fill}>
                {texts.newTask.example}
              </Button>
            </Group>
          </Stack>
        </form>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 5 }}>
        <Curl body={body} />
      </Grid.Col>
    </Grid>
  );
}

/** Sends a body, each under a key of its own: sent twice by a bad connection, it is one task all the same. */
function useSubmission(onError: (error: unknown) => void) {
  const navigate = useNavigate();
  const key = useRef<{ readonly body: object; readonly key: string } | null>(null);
  return useMutation({
    mutationFn: async (body: object) => {
      if (key.current?.body !== body) key.current = { body, key: randomKey() };
      const answer = await authorizedFetch('/tasks', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key.current.key },
        body: JSON.stringify(body),
      });
      const content: unknown = await answer.json().catch(() => null);
      if (!answer.ok) throw problemOf(answer.status, content);
      return content as Task;
    },
    onSuccess: ({ task_id: taskId }) => navigate({ to: '/tasks/$taskId', params: { taskId } }),
    onError,
  });
}

/** `crypto.randomUUID` is for pages with TLS alone. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function Refusal({ error }: { readonly error: unknown }) {
  const { title, detail } = describe(error);
  const others = error instanceof Problem ? (error.document.errors ?? []) : [];
  return (
    <Alert color="red" role="alert" title={texts.newTask.refused}>
      {detail ?? title}
      {others.map(({ pointer, detail: reason }) => (
        <Text key={pointer} size="sm">
          <Code>{pointer}</Code> {reason}
        </Text>
      ))}
    </Alert>
  );
}

function Curl({ body }: { readonly body: object }) {
  const command = curlOf(location.origin, body);
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="curl">
      <Group justify="space-between" mb={4}>
        <Title order={2} size="h5" id="curl">
          {texts.newTask.curl}
        </Title>
        <CopyButton value={command}>
          {({ copied, copy }) => (
            <Button size="xs" variant="default" leftSection={<CopyIcon size={14} />} onClick={copy}>
              {copied ? texts.copied : texts.copy}
            </Button>
          )}
        </CopyButton>
      </Group>
      <Text size="sm" c="dimmed" mb="xs">
        {texts.newTask.curlText}
      </Text>
      <Code block mah={480} tabIndex={0} style={{ overflow: 'auto' }}>
        {command}
      </Code>
    </Paper>
  );
}

function withoutType({ task_type: _type, ...values }: Values): Values {
  return values;
}

function given(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
