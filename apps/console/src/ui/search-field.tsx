import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';
import { texts } from '../texts.js';
import { SearchIcon } from './icons.js';

/** Milliseconds without a key until it is searched. */
const typingMs = 300;

interface SearchFieldProps {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
}

/** A field that searches while one types. Give it the searched text as its key, too, so that the way back empties it. */
export function SearchField({ label, placeholder, value, onChange }: SearchFieldProps) {
  const [typed, setTyped] = useState(value);
  const later = useDebouncedCallback((text: string) => onChange(text.trim()), typingMs);
  const type = (text: string) => {
    setTyped(text);
    later(text);
  };
  return (
    <TextInput
      type="search"
      flex="1 1 220px"
      maw={420}
      maxLength={200}
      aria-label={label}
      placeholder={placeholder}
      leftSection={<SearchIcon size={16} />}
      rightSection={
        typed !== '' && <CloseButton size="sm" aria-label={texts.tasks.clearSearch} onClick={() => type('')} />
      }
      value={typed}
      onChange={({ currentTarget }) => type(currentTarget.value)}
    />
  );
}
