import { Button, CopyButton, Group, Text } from '@mantine/core';
import { useMemo } from 'react';
import { texts } from '../texts.js';
import { CopyIcon, DownloadIcon } from '../ui/icons.js';
import { saveFile } from '../ui/save-file.js';
import classes from './payload-view.module.css';

/** Characters that are shown; a download has all. */
const mostShown = 200_000;

interface PayloadViewProps {
  readonly value: object;
  /** Of a downloaded file, without its ending. */
  readonly name: string;
}

/** JSON as text: whatever stands in it, nothing of it is HTML here. */
export function PayloadView({ value, name }: PayloadViewProps) {
  const text = useMemo(() => JSON.stringify(value, null, 2), [value]);
  return (
    <>
      <Group gap="xs" mb="xs" justify="flex-end">
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button size="xs" variant="default" leftSection={<CopyIcon size={14} />} onClick={copy}>
              {copied ? texts.copied : texts.copy}
            </Button>
          )}
        </CopyButton>
        <Button
          size="xs"
          variant="default"
          leftSection={<DownloadIcon size={14} />}
          onClick={() => saveFile(`${name}.json`, 'application/json', [text])}
        >
          {texts.download}
        </Button>
      </Group>
      {/* It scrolls, so the keyboard must reach it. */}
      <pre className={classes.payload} tabIndex={0} aria-label={texts.task.json}>
        {text.slice(0, mostShown)}
      </pre>
      {text.length > mostShown && (
        <Text size="sm" c="dimmed" mt="xs">
          {texts.task.cut}
        </Text>
      )}
    </>
  );
}
