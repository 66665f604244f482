import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { contentStates, contentTransitions } from '@longhaul/content';
import { codeBlocks } from '../../../../test/docs/markdown-files.js';
import { ContentStage } from './testing.js';

const page = readFileSync('docs/content.md', 'utf8');

/** The rows of the tables of a page whose first cell is one of these words; words in code, all others left out. */
function rowsOf(words: readonly string[]): string[][][] {
  return [...page.matchAll(/^\| (`.*) \|$/gm)]
    .map(([, row]) => row.split(' | ').map((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, word]) => word)))
    .filter(([[first]]) => words.includes(first));
}

describe('docs/content.md', () => {
  it('names each state and each transition, as they are', () => {
    expect(rowsOf(contentStates).map(([state]) => state)).toEqual(contentStates.map((state) => [state]));
    const transitions = Object.entries(contentTransitions).map(([name, { from, to }]) => [[name], [...from], [to]]);
    expect(rowsOf(Object.keys(contentTransitions))).toEqual(transitions);
  });

  describe('has examples that', () => {
    let stage: ContentStage;
    let api: string;
    let folder: string;
    beforeAll(async () => {
      stage = await ContentStage.open();
      api = await stage.listen();
      folder = await mkdtemp(join(tmpdir(), 'longhaul-docs-'));
    });
    afterAll(async () => {
      await stage.close();
      await rm(folder, { recursive: true });
    });

    const blocks = (section: string) => codeBlocks(page, section, 'sh');
    /** On an item that awaits approval. */
    async function run(block: string): Promise<string> {
      const id = await stage.made();
      const setting = {
        API: api,
        TOKEN: stage.tokenOf('editor'),
        ADMIN: stage.tokenOf('admin'),
        ID: id,
        ETAG: await stage.etagOf(id),
      };
      const { stdout } = await promisify(execFile)('bash', ['-c', block], {
        cwd: folder,
        env: { PATH: process.env.PATH, ...setting },
      });
      return stdout;
    }

    it('work as pasted', async () => {
      const deciding = blocks('Deciding');
      expect(deciding).toHaveLength(3);
      expect(await run(deciding[0])).toMatch(/"published_version":1,.*"state":"PUBLISHED"/);
      expect(await run(deciding[1])).toMatch(/"state":"REJECTED".*"revision_task_id":"[0-9a-f-]{36}"/);
      expect(await run(deciding[2])).toMatch(/^\[\{.*"published_version":1,/);
      const [edit] = blocks('Editing');
      expect(await run(edit)).toMatch(
        /"number":2.*"title":"Why tides differ".*"field":"title".*"number":3.*"origin":"rollback"/s,
      );
      const history = blocks('The approval history');
      expect(history).toHaveLength(2);
      expect(await run(history[1])).toMatch(/review-chain-head: \d+:[0-9a-f]{64}/);
      expect(readFileSync(join(folder, 'reviews.csv'), 'utf8')).toMatch(
        /^seq,content_id,.*\r\n\d+,,,,head,,,,,,[0-9a-f]{64}\r\n$/s,
      );
    });
  });
});
