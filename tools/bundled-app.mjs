// How a bundled api or worker is loaded: one script, with what V8 compiled of it when it was built. Node's own compile
// cache keeps only the outermost functions of a module, and all others would be compiled anew at each start.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire, SourceMap } from 'node:module';
import { dirname, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';

/** First and last line of the script: the names that its modules take for granted. */
export const wrapper = {
  begin: '(function(exports,require,module,__filename,__dirname,__url){',
  end: '})',
};

/** Where the compiled code of a script is kept; V8 refuses it when it comes from another version, and compiles anew. */
export const compiledFile = (file) => `${file}.compiled`;

/** Compiles a script. @param file ASCII, between the lines of {@link wrapper}. */
export function compile(file) {
  const compiled = compiledFile(file);
  return new Script(readFileSync(file, 'latin1'), {
    filename: file,
    cachedData: existsSync(compiled) ? readFileSync(compiled) : undefined,
  });
}

/** What the script exports. */
export function evaluate(script, file) {
  const module = { exports: {} };
  const run = script.runInThisContext();
  run(module.exports, createRequire(file), module, file, dirname(file), pathToFileURL(file).href);
  return module.exports;
}

/** Loads an app; stack traces name its sources from then on. */
export function loadApp(file) {
  nameSources(file);
  return evaluate(compile(file), file);
}

/** The map is read with the first stack trace: Node's own support reads all maps at each start. */
function nameSources(file) {
  const from = process.cwd();
  let map;
  Error.prepareStackTrace = (error, frames) => {
    map ??= readMap(`${file}.map`);
    return [error, ...frames.map((frame) => named(frame, file, map, from))].join('\n    at ');
  };
}

/** Whoever looks at an error must not meet another one: without a map the trace names the bundle. */
function readMap(path) {
  try {
    return new SourceMap(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return new SourceMap({ version: 3, sources: [], mappings: '' });
  }
}

function named(frame, file, map, from) {
  const [line, column] = [frame.getLineNumber(), frame.getColumnNumber()];
  const origin = frame.getFileName() === file ? map.findOrigin(line, column) : {};
  if (!origin.fileName) return frame;
  const source = relative(from, resolve(dirname(file), origin.fileName));
  return String(frame).replace(`${file}:${line}:${column}`, `${source}:${origin.lineNumber}:${origin.columnNumber}`);
}
