/** Largest body, in bytes. */
export const bodyLimit = 1_048_576;
