// `npm run api-types`: types of the api's calls for the console, of docs/reference/openapi.json.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const document = new URL('../docs/reference/openapi.json', import.meta.url);
const types = new URL('../apps/console/src/api/schema.d.ts', import.meta.url);
const text = readFileSync(document, 'utf8');
const { default: openapiTS, astToString } = await import('openapi-typescript');
const written = `// Written by "npm run api-types"; do not edit.\n${astToString(await openapiTS(JSON.parse(text)))}`;
if (!isWritten()) writeFileSync(fileURLToPath(types), written);

function isWritten() {
  try {
    return readFileSync(types, 'utf8') === written;
  } catch {
    return false;
  }
}
