// Writes the generated part of the documentation: `node dist/bundle/reference.js [folder]`. Needs no database.
import 'reflect-metadata';
import { writeReference } from './write-reference.js';

await writeReference(process.argv[2] ?? '.');
