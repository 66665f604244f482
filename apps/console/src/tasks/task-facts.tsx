import { Anchor, CopyButton, Group, Tooltip, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { useName } from '../api/use-name.js';
import { useConsoleConfig } from '../session/use-console-config.js';
import { useUser } from '../session/use-session.js';
import { texts } from '../texts.js';
import { Fact, Facts } from '../ui/facts.js';
import { CheckIcon, CopyIcon, LinkIcon } from '../ui/icons.js';
import { Elapsed, RelativeTime } from '../ui/time.js';
import { Who } from '../ui/who.js';
import type { Task } from './task-filter.js';

/** When, whose, how often. */
export function TaskFacts({ task }: { readonly task: Task }) {
  const { created_at, started_at, completed_at, retry_count, max_attempts, owner_id, trace_id } = task;
  return (
    <Facts>
      <Fact name={texts.task.id}>
        <Copied text={task.task_id} shown={task.task_id.slice(-12)} />
      </Fact>
      <Fact name={texts.tasks.owner}>
        <Owner id={owner_id} />
      </Fact>
      <Fact name={texts.tasks.created}>
        <RelativeTime at={created_at} />
      </Fact>
      <Fact name={texts.task.started}>{started_at === null ? texts.none : <RelativeTime at={started_at} />}</Fact>
      <Fact name={texts.task.ended}>{completed_at === null ? texts.none : <RelativeTime at={completed_at} />}</Fact>
      <Fact name={texts.task.took}>
        {started_at === null ? texts.none : <Elapsed from={started_at} to={completed_at} />}
      </Fact>
      <Fact name={texts.task.retries}>{texts.task.retriesOf(retry_count, max_attempts - 1)}</Fact>
      <Fact name={texts.task.trace}>{trace_id === null ? texts.none : <Trace id={trace_id} />}</Fact>
    </Facts>
  );
}

/** By name; where none is known, the id to copy. */
function Owner({ id }: { readonly id: string }) {
  const user = useUser();
  const name = useName(id);
  return name === null && id !== user.id ? <Copied text={id} shown={id.slice(-12)} /> : <Who id={id} name={name} />;
}

/** A short form of a text, which a click copies whole. */
function Copied({ text, shown }: { readonly text: string; readonly shown: string }) {
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? texts.copied : text}>
          <UnstyledButton onClick={copy} fz="sm" fw={500} ff="monospace">
            <Group gap={6} wrap="nowrap" component="span">
              <VisuallyHidden>{texts.copy}</VisuallyHidden>
              {shown}
              {copied ? <CheckIcon size={14} /> : <CopyIcon size={14} />}
            </Group>
          </UnstyledButton>
        </Tooltip>
      )}
    </CopyButton>
  );
}

/** Leads to the trace, where traces are kept; else it can be copied. */
function Trace({ id }: { readonly id: string }) {
  const template = useConsoleConfig()?.trace_url_template ?? null;
  if (template === null || !/^https?:\/\//i.test(template)) return <Copied text={id} shown={id.slice(0, 12)} />;
  return (
    <Anchor href={template.replaceAll('{trace_id}', id)} target="_blank" rel="noreferrer" size="sm">
      {id.slice(0, 12)} <LinkIcon size={13} />
    </Anchor>
  );
}
