// How tests compile TypeScript: shared by jest and by run-typescript.mjs.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);
const { paths } = JSON.parse(readFileSync(new URL('tsconfig.json', root), 'utf8')).compilerOptions;

/** Every `@longhaul/…` alias of tsconfig.json, and the absolute path of its file. */
export const aliases = Object.fromEntries(
  Object.entries(paths).map(([alias, [file]]) => [alias, fileURLToPath(new URL(file, root))]),
);

/** Nest needs the metadata of decorated classes. */
export const swcOptions = (module) => ({
  swcrc: false,
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: true },
    target: 'es2023',
    keepClassNames: true,
  },
  module: { type: module },
});
