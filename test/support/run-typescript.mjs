// Lets Node run the TypeScript sources as they are, decorators and path aliases included: `node --import <this file> x.ts`.
// For jest's global set-up, which jest does not compile, and for tests that need processes of their own.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import swc from '@swc/core';
import { aliases, swcOptions } from './compiler.mjs';

registerHooks({
  resolve(specifier, context, next) {
    if (specifier in aliases) return next(pathToFileURL(aliases[specifier]).href, context);
    if (/^\.{1,2}\/.*\.js$/.test(specifier) && context.parentURL?.endsWith('.ts')) {
      return next(specifier.replace(/\.js$/, '.ts'), context);
    }
    return next(specifier, context);
  },
  load(url, context, next) {
    if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
    const filename = fileURLToPath(url);
    const options = { ...swcOptions('es6'), filename, sourceMaps: 'inline' };
    const { code } = swc.transformSync(readFileSync(filename, 'utf8'), options);
    return { format: 'module', source: code, shortCircuit: true };
  },
});
