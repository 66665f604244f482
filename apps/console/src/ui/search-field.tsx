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

/** A field that searches while one types. It takes over what was searched by other means, such as by the way back. */
export function SearchField({ label, placeholder, value, onChange }: SearchFieldProps) {
  const [typed, setTyped] = useState(value);
  /** What it searched for itself, and what was searched when it was last looked at. */
  const [own, setOwn] = useState(value);
  const [former, setFormer] = useState(value);
  if (value !== former) {
    setFormer(value);
    if (value !== own) setTyped(value);
  }
  const later = useDebouncedCallback((text: string) => {
    setOwn(text.trim());
    onChange(text.trim());
  }, typingMs);
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
