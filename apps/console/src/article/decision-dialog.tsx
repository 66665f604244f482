import { Button, Checkbox, Group, Stack, Text, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import type { Content, Version } from '../content/content.js';
import { texts } from '../texts.js';
import { notifyDone } from '../ui/notify.js';
import { Dialog } from '../ui/dialog.js';
import { decide, isConflict, type DecisionText, type Verb } from './changes.js';
import type { Written } from './kept-text.js';
import { isReason, ReasonField } from './reason-field.js';
import { Refusal } from './refusal.js';

interface DecisionDialogProps {
  readonly verb: Verb;
  /** Whether an approval is to publish, too, unless the person says otherwise. */
  readonly publish: boolean;
  readonly contentId: string;
  readonly version: Pick<Version, 'number' | 'etag'>;
  /** What was written before, when the same was asked. */
  readonly written: Written;
  readonly onDone: (content: Content) => void;
  /** What is written can be asked for again, as when it is left. */
  readonly onConflict: (written: Written) => void;
  readonly onClose: (written: Written) => void;
}

/** Asks for what belongs to a decision, and takes it on the version that is before the person. */
export function DecisionDialog(props: DecisionDialogProps) {
  const { verb, version, contentId, written, onDone, onConflict } = props;
  const [said, say] = useState<DecisionText>({ ...written, publish: props.publish, revise: true });
  const [isMissed, miss] = useState(false);
  const decision = useMutation({
    mutationFn: () => decide(verb, { id: contentId, etag: version.etag }, said),
    onSuccess: (content) => {
      notifyDone(doneText(verb, said));
      onDone(content);
    },
    onError: (error) => isConflict(error) && onConflict(said),
  });
  const onClose = () => props.onClose(said);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (verb === 'reject' && !isReason(said.reason)) miss(true);
    else decision.mutate();
  };
  return (
    <Dialog
      title={titleOf(verb, said)}
      onClose={onClose}
      isFirm={decision.isPending}
      isWritten={`${said.reason}${said.feedback}` !== ''}
    >
      <form onSubmit={submit} noValidate>
        <Stack>
          {decision.error !== null && <Refusal error={decision.error} />}
          <Text size="sm">{texts.article.asks[verb](version.number)}</Text>
          <Fields verb={verb} said={said} isMissed={isMissed} onChange={(changed) => say({ ...said, ...changed })} />
          <Group justify="flex-end">
            <Button variant="default" disabled={decision.isPending} onClick={onClose}>
              {texts.article.leave}
            </Button>
            <Button
              type="submit"
              color={verb === 'reject' || verb === 'unpublish' ? 'red' : 'teal'}
              loading={decision.isPending}
            >
              {titleOf(verb, said)}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

interface FieldsProps {
  readonly verb: Verb;
  readonly said: DecisionText;
  readonly isMissed: boolean;
  readonly onChange: (changed: Partial<DecisionText>) => void;
}

function Fields({ verb, said, isMissed, onChange }: FieldsProps) {
  return (
    <>
      {verb === 'reject' && (
        <ReasonField value={said.reason} onChange={(reason) => onChange({ reason })} isMissed={isMissed} />
      )}
      <Textarea
        label={texts.article.feedback}
        description={texts.article.feedbackHint}
        autosize
        minRows={2}
        maxRows={8}
        maxLength={2_000}
        value={said.feedback}
        onChange={({ currentTarget }) => onChange({ feedback: currentTarget.value })}
      />
      {verb === 'approve' && (
        <Checkbox
          label={texts.article.publishAtOnce}
          checked={said.publish}
          onChange={({ currentTarget }) => onChange({ publish: currentTarget.checked })}
        />
      )}
      {verb === 'reject' && (
        <Checkbox
          label={texts.article.revise}
          checked={said.revise}
          onChange={({ currentTarget }) => onChange({ revise: currentTarget.checked })}
        />
      )}
    </>
  );
}

function titleOf(verb: Verb, { publish }: DecisionText): string {
  return verb === 'approve' && publish ? texts.article.approvePublish : texts.article.verbs[verb];
}

function doneText(verb: Verb, { publish, revise }: DecisionText): string {
  if (verb === 'approve' && publish) return texts.article.done.approvePublish;
  if (verb === 'reject' && revise) return texts.article.done.rejectRevised;
  return texts.article.done[verb];
}
