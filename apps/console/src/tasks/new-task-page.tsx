import { Select, Text } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { texts } from '../texts.js';
import { Page } from '../ui/page.js';
import { Failed, Loading } from '../ui/states.js';
import { TaskForm } from './task-form.js';
import { useTaskInput } from './task-input.js';
import { useTaskTypes, type TaskType } from './use-task-types.js';

/** A kind, and its form. */
export function NewTaskPage() {
  const { data: types, error, refetch } = useTaskTypes();
  if (error !== null) return <Failed isPage error={error} retry={() => void refetch()} />;
  return <Page title={texts.newTask.title}>{types === undefined ? <Loading /> : <Chosen types={types} />}</Page>;
}

function Chosen({ types }: { readonly types: readonly TaskType[] }) {
  const { type, from = null } = useSearch({ from: '/shell/tasks/new' });
  const navigate = useNavigate({ from: '/tasks/new' });
  const { data: input, isPending } = useTaskInput(from);
  const kind = types.find(({ task_type }) => task_type === type) ?? types[0];
  if (kind === undefined) return null;
  if (from !== null && isPending) return <Loading />;
  return (
    <>
      <Select
        maw={420}
        label={texts.newTask.kind}
        allowDeselect={false}
        data={types.map(({ task_type: value, title: label }) => ({ value, label }))}
        value={kind.task_type}
        onChange={(value) => void navigate({ search: value === null ? {} : { type: value }, replace: true })}
      />
      <Text size="sm" c="dimmed" mt={6} mb="lg" maw={720}>
        {kind.description}
      </Text>
      <TaskForm key={kind.task_type} kind={kind} initial={input?.task_type === kind.task_type ? input : {}} />
    </>
  );
}
