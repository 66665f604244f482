import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { api, unwrap } from '../api/client.js';
import { describe } from '../api/problem.js';
import { useConsoleConfig } from '../session/use-console-config.js';
import { texts } from '../texts.js';
import { LinkIcon } from '../ui/icons.js';
import { notifyFailed } from '../ui/notify.js';

/** Opens the queue board in a tab of its own, by a link of one use; where there is a board. */
export function QueueBoardButton() {
  const open = useMutation({
    mutationFn: async (tab: Window | null) => {
      const { link } = await unwrap(api.POST('/admin/queue-tickets'));
      (tab ?? window).location.assign(new URL(link, location.origin));
    },
    onError: (error, tab) => {
      tab?.close();
      notifyFailed(describe(error).title, describe(error).detail);
    },
  });
  if (useConsoleConfig()?.queue_board !== true) return null;
  return (
    <Button
      variant="default"
      size="xs"
      rightSection={<LinkIcon size={14} />}
      loading={open.isPending}
      // The tab is opened by the click itself: later, browsers take it for an advertisement.
      onClick={() => open.mutate(window.open('about:blank', '_blank'))}
    >
      {texts.operations.board}
    </Button>
  );
}
