import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { applyEdit, type Bug } from './bug.js';

/** What the apps of the harness need to run from their sources. */
const parts = ['apps', 'libs', 'test', 'package.json', 'tsconfig.json'];

/** Makes a copy of the sources with the bug in it; node_modules stay where they are. @returns its folder. */
export async function seededTree(root: string, parent: string, bug: Bug): Promise<string> {
  const tree = join(parent, `bug-${bug.name}-${process.pid}`);
  await rm(tree, { recursive: true, force: true });
  await mkdir(tree, { recursive: true });
  for (const part of parts) await cp(join(root, part), join(tree, part), { recursive: true });
  await symlink(join(root, 'node_modules'), join(tree, 'node_modules'));
  for (const edit of bug.edits) {
    const file = join(tree, edit.file);
    await writeFile(file, applyEdit(await readFile(file, 'utf8'), edit));
  }
  return tree;
}
