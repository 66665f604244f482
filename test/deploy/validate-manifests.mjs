// A process of its own, because the packages are modules that jest's loader does not find: reads [module, manifest] pairs
// as JSON from its standard input, and prints what is wrong with which manifest.
import { json } from 'node:stream/consumers';

const wrong = [];
for (const [module, manifest] of await json(process.stdin)) {
  const models = await import(module);
  try {
    new models[manifest.kind](manifest).validate();
  } catch (error) {
    wrong.push(`${manifest.kind} ${manifest.metadata.name}: ${error.message}`);
  }
}
process.stdout.write(JSON.stringify(wrong));
