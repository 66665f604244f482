import { useState } from 'react';

/** What somebody wrote in a dialog. */
export interface Written {
  readonly reason: string;
  readonly feedback: string;
}

/** Texts of dialogs that were left, by what the dialog asks for. */
export interface KeptText {
  readonly of: (what: string) => Written;
  readonly keep: (what: string, written: Written) => void;
}

/** Of a dialog that was not opened before, or is done. */
export const nothingWritten: Written = { reason: '', feedback: '' };

/** Keeps what was written in a dialog that closes before it is done, such as when somebody else was faster. */
export function useKeptText(): KeptText {
  const [kept, setKept] = useState<Readonly<Record<string, Written>>>({});
  return {
    of: (what) => kept[what] ?? nothingWritten,
    keep: (what, { reason, feedback }) => setKept((before) => ({ ...before, [what]: { reason, feedback } })),
  };
}
