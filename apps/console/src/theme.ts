import { createTheme, localStorageColorSchemeManager, type MantineColorsTuple } from '@mantine/core';

const teal: MantineColorsTuple = [
  '#e6f6f4',
  '#cfebe7',
  '#a1d7d0',
  '#6fc2b8',
  '#46b0a4',
  '#2ca598',
  '#17857a',
  '#0f7168',
  '#0b5d57',
  '#064943',
];

export const theme = createTheme({
  primaryColor: 'teal',
  primaryShade: { light: 8, dark: 7 },
  colors: { teal },
  defaultRadius: 'md',
  fontFamily: 'Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  cursorType: 'pointer',
  respectReducedMotion: true,
});

/** The one thing that the browser keeps. */
export const colorSchemeManager = localStorageColorSchemeManager({ key: 'longhaul-color-scheme' });
