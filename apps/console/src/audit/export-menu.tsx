import { Button, Menu } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { authorizedFetch } from '../api/client.js';
import { describe, problemOf } from '../api/problem.js';
import { texts } from '../texts.js';
import { DownloadIcon } from '../ui/icons.js';
import { notifyDone, notifyFailed } from '../ui/notify.js';
import { saveFile } from '../ui/save-file.js';

type Format = keyof typeof texts.audit.exports;

/** Saves the whole history as a file, and says its head. */
export function ExportMenu() {
  const save = useMutation({
    mutationFn: saveHistory,
    onSuccess: (head) => notifyDone(texts.audit.exportedText(head), texts.audit.exported),
    onError: (error) => notifyFailed(texts.audit.exportFailed, describe(error).title),
  });
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button variant="default" leftSection={<DownloadIcon size={16} />} loading={save.isPending}>
          {texts.audit.export}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {(Object.keys(texts.audit.exports) as Format[]).map((format) => (
          <Menu.Item key={format} onClick={() => save.mutate(format)}>
            {texts.audit.exports[format]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** @returns the head of the chain, as `npm run audit:verify -- --head` takes it. */
async function saveHistory(format: Format): Promise<string> {
  const answer = await authorizedFetch(`/reviews/export?format=${format}`);
  if (!answer.ok) throw problemOf(answer.status, await answer.json().catch(() => null));
  const day = new Date().toISOString().slice(0, 10);
  saveFile(`reviews-${day}.${format}`, answer.headers.get('content-type') ?? '', [await answer.blob()]);
  return answer.headers.get('review-chain-head') ?? '';
}
