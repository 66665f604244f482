import { Button, VisuallyHidden } from '@mantine/core';
import { texts } from '../texts.js';
import { CrossIcon } from './icons.js';

/** A filter that has no field: it can only be taken away. */
export function FilterChip({ label, onRemove }: { readonly label: string; readonly onRemove: () => void }) {
  return (
    <Button variant="light" maw={320} rightSection={<CrossIcon size={14} />} onClick={onRemove}>
      {label}
      <VisuallyHidden> – {texts.content.removeFilter}</VisuallyHidden>
    </Button>
  );
}
