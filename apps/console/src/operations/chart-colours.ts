/** Of the kinds, in their order: apart for the colour-blind, too, and at least 3 to 1 on both backgrounds. */
const colours = {
  light: ['#0f7168', '#c2570c', '#2563c9', '#8b3fb8', '#8a6d00', '#c02670', '#4b5563', '#5b7a10'],
  dark: ['#34bfae', '#f59a52', '#6ea8fe', '#c99bf0', '#dcc04e', '#f08cbc', '#a9b1bd', '#a6cc52'],
} as const;

export type Scheme = keyof typeof colours;

export function colourOf(index: number, scheme: Scheme): string {
  const all = colours[scheme];
  return all[index % all.length] ?? all[0];
}
