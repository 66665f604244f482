import { Button, Menu } from '@mantine/core';
import { useState } from 'react';
import { isEditor, type Content, type Version } from '../content/content.js';
import { useUser } from '../session/use-session.js';
import { texts } from '../texts.js';
import { ButtonLink } from '../ui/button-link.js';
import { BanIcon, CheckIcon, CrossIcon, GlobeIcon, PenIcon } from '../ui/icons.js';
import type { Verb } from './changes.js';
import { DecisionDialog } from './decision-dialog.js';
import { nothingWritten, type KeptText, type Written } from './kept-text.js';

interface ArticleActionsProps {
  readonly content: Content;
  /** The newest version, as it was seen. */
  readonly version: Version;
  readonly kept: KeptText;
  readonly onDone: (content: Content) => void;
  readonly onConflict: () => void;
}

/** What the state of the newest version allows: to edit, and for editors to decide. */
export function ArticleActions({ content, version, kept, onDone, onConflict }: ArticleActionsProps) {
  const user = useUser();
  const [asked, ask] = useState<{ verb: Verb; publish: boolean } | null>(null);
  const leave = (verb: Verb, written: Written = nothingWritten) => {
    kept.keep(verb, written);
    ask(null);
  };
  return (
    <>
      <ButtonLink
        to="/content/$contentId/edit"
        params={{ contentId: content.content_id }}
        variant="default"
        leftSection={<PenIcon size={16} />}
      >
        {texts.article.edit}
      </ButtonLink>
      {isEditor(user) && (
        <Decisions content={content} version={version} onAsk={(verb) => ask({ verb, publish: false })} />
      )}
      {isEditor(user) && version.state === 'AWAITING_APPROVAL' && (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <Button leftSection={<CheckIcon size={16} />}>{texts.article.verbs.approve}</Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => ask({ verb: 'approve', publish: false })}>
              {texts.article.verbs.approve}
            </Menu.Item>
            <Menu.Item onClick={() => ask({ verb: 'approve', publish: true })}>
              {texts.article.approvePublish}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      {asked !== null && (
        <DecisionDialog
          {...asked}
          contentId={content.content_id}
          version={version}
          written={kept.of(asked.verb)}
          onClose={(written) => leave(asked.verb, written)}
          onDone={(changed) => {
            leave(asked.verb);
            onDone(changed);
          }}
          onConflict={(written) => {
            leave(asked.verb, written);
            onConflict();
          }}
        />
      )}
    </>
  );
}

interface DecisionsProps {
  readonly content: Content;
  readonly version: Version;
  readonly onAsk: (verb: Verb) => void;
}

function Decisions({ content, version: { state }, onAsk }: DecisionsProps) {
  return (
    <>
      {content.published_version !== null && (
        <Button color="red" variant="light" leftSection={<BanIcon size={16} />} onClick={() => onAsk('unpublish')}>
          {texts.article.verbs.unpublish}
        </Button>
      )}
      {state === 'AWAITING_APPROVAL' && (
        <Button color="red" variant="light" leftSection={<CrossIcon size={16} />} onClick={() => onAsk('reject')}>
          {texts.article.verbs.reject}
        </Button>
      )}
      {(state === 'APPROVED' || state === 'UNPUBLISHED') && (
        <Button leftSection={<GlobeIcon size={16} />} onClick={() => onAsk('publish')}>
          {texts.article.verbs.publish}
        </Button>
      )}
    </>
  );
}
