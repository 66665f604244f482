import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { offlineDocument } from './offline-document.js';
import { configurationPage, configurationTable } from './configuration-page.js';
import { errorsPage } from './errors-page.js';
import { kindsPage } from './kinds-page.js';
import { metricsPage } from './metrics-page.js';
import { statesPage } from './states-page.js';

/** Writes `docs/reference/*` below a folder, and the table of its README.md. */
export async function writeReference(folder: string): Promise<void> {
  const reference = join(folder, 'docs/reference');
  const { document, submitSchemas } = await offlineDocument();
  const pages = {
    'configuration.md': configurationPage(),
    'states.md': statesPage(),
    'errors.md': errorsPage(),
    'kinds.md': kindsPage(submitSchemas),
    'metrics.md': metricsPage(),
    'openapi.json': `${JSON.stringify(document, null, 2)}\n`,
  };
  await mkdir(reference, { recursive: true });
  await Promise.all(Object.entries(pages).map(([name, text]) => writeFile(join(reference, name), text)));
  await fillReadme(join(folder, 'README.md'));
}

const marked = /(<!-- configuration:begin[^\n]*-->\n)[^]*?(<!-- configuration:end -->)/;

async function fillReadme(file: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  if (!marked.test(text)) throw new Error(`${file} has no place for the table of the configuration.`);
  await writeFile(
    file,
    text.replace(marked, (_match, begin, end) => `${begin}\n${configurationTable()}\n${end}`),
  );
}
