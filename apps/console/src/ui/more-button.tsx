import { Button, Center, Stack, Text } from '@mantine/core';
import { texts } from '../texts.js';
import { Stale } from './states.js';

interface MoreButtonProps {
  readonly label: string;
  readonly list: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly isFetchNextPageError: boolean;
    /** Whether what is shown could not be read anew. */
    readonly isRefetchError: boolean;
    readonly fetchNextPage: () => unknown;
    readonly refetch: () => unknown;
  };
}

/** The end of a list: loads the next page, if there is one, and says what could not be loaded. */
export function MoreButton({ label, list }: MoreButtonProps) {
  const { hasNextPage, isRefetchError, isFetchNextPageError } = list;
  if (!hasNextPage && !isRefetchError && !isFetchNextPageError) return null;
  return (
    <Stack gap="xs" mt="md">
      {isRefetchError && <Stale text={texts.states.stale} retry={() => void list.refetch()} />}
      {isFetchNextPageError && (
        <Text role="alert" size="sm" c="var(--mantine-color-error)" ta="center">
          {texts.states.moreFailed}
        </Text>
      )}
      {hasNextPage && (
        <Center>
          <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {label}
          </Button>
        </Center>
      )}
    </Stack>
  );
}
