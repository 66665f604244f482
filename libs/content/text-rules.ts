/** A text that says something, on one line: no control characters. It takes no longer than the text is long. */
export const oneLineText = /^(?=[^\p{Cc}]*\S)[^\p{Cc}]+$/u;

/** A tag; as part of a path, a dot or two would be a way upwards. */
export const tagText = /^(?!\.{1,2}$)(?=[^\p{Cc}]*\S)[^\p{Cc}]+$/u;
