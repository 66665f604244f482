// Compiles packages that are ESM only to CommonJS for jest.
import swcJest from '@swc/jest';

const swc = swcJest.createTransformer({
  swcrc: false,
  jsc: { parser: { syntax: 'ecmascript' }, target: 'es2023', keepClassNames: true },
  module: { type: 'commonjs' },
  sourceMaps: 'inline',
});

/** In a CommonJS module these names are taken; ESM packages like to define them themselves. */
const reserved = /(?<=\b(?:const|let|var)\s+)__(?:dirname|filename)\b/g;

function withoutReservedNames(source) {
  const declared = new Set(source.match(reserved));
  return [...declared].reduce((text, name) => text.replaceAll(name, `own${name}`), source);
}

export default {
  ...swc,
  process: (source, ...rest) => swc.process(withoutReservedNames(source), ...rest),
};
