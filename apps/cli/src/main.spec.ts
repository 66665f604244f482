import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { withUsers } from '@longhaul/auth';

// Each call starts a process, which takes a second or two.
jest.setTimeout(60_000);

let database: TestDatabase;
beforeAll(async () => (database = await testDatabase()));
afterAll(() => database.drop());

/** Runs the command line in a process of its own. */
async function cli(...words: string[]) {
  const child = spawn(
    process.execPath,
    ['--import', resolve('test/support/run-typescript.mjs'), 'apps/cli/src/main.ts', ...words],
    {
      env: { PATH: process.env['PATH'], DATABASE_URL: database.url, MIGRATION_DATABASE_URL: database.ownerUrl },
    },
  );
  const code = new Promise<number | null>((done) => child.once('exit', done));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, out, err };
}

const userNamed = (name: string) => withUsers(testConfig(database), (users) => users.findByUsername(name));

test('users are made, changed, disabled and listed', async () => {
  const made = await cli('user', 'add', 'Ada', '--role', 'editor', '--role', 'admin');
  expect(made).toMatchObject({ code: 0, err: '' });
  expect(made.out).toMatch(/^User ada made, with editor, admin\.\nPassword: [\w-]{32} \(shown only now\)\n$/);
  const own = await cli('user', 'add', 'bob', '--password', 'a password of my own');
  expect(own).toEqual({ code: 0, out: 'User bob made, with user.\n', err: '' });
  await cli('user', 'roles', 'ada', 'user', 'editor');
  await cli('user', 'disable', 'ada');
  expect((await cli('user', 'list')).out).toBe('ada\tuser,editor\tdisabled\nbob\tuser\tenabled\n');
  const before = await userNamed('ada');
  expect((await cli('user', 'password', 'ada')).out).toMatch(/Password: [\w-]{32} /);
  const after = await userNamed('ada');
  expect(after?.passwordHash).not.toBe(before?.passwordHash);
  expect(after?.passwordHash).toMatch(/^\$argon2id\$/);
});

test.each([
  [['add', 'eve', '--password', 'short'], 'error: A password has 12 to 128 characters.'],
  [['add', 'eve', '--role', 'root'], "error: option '--role <roles...>' argument 'root' is invalid"],
  [['disable', 'nobody'], 'error: There is no user "nobody".'],
  [['frobnicate'], 'error: unknown command'],
])('bad input is one clear line and a failure: user %j', async (words, line) => {
  const { code, out, err } = await cli('user', ...words);
  expect(code).toBe(1);
  expect(out).toBe('');
  expect(err).toContain(line);
  expect(err.trim().split('\n')).toHaveLength(1);
});

test('a name that is taken is refused', async () => {
  await cli('user', 'add', 'carol');
  expect(await cli('user', 'add', 'CAROL')).toMatchObject({
    code: 1,
    err: 'error: There is a user "carol" already.\n',
  });
});

test('sign-in-link prints an address for a user who may sign in, and for nobody else', async () => {
  await cli('user', 'add', 'dora');
  const { code, out } = await cli('sign-in-link', 'DORA');
  expect(code).toBe(0);
  expect(out).toMatch(/^http:\/\/\S+\/console\/sign-in#ticket=[\w-]{43}\n$/);
  await cli('user', 'disable', 'dora');
  for (const name of ['dora', 'nobody']) {
    expect(await cli('sign-in-link', name)).toEqual({
      ...{ code: 1, out: '' },
      err: `error: There is no user "${name}", or it is disabled.\n`,
    });
  }
});

test('migrate says that there is nothing to do', async () => {
  expect(await cli('migrate')).toEqual({ code: 0, out: 'The schema is up to date.\n', err: '' });
});

test('audit verify proves the approval history, and names what is wrong with it', async () => {
  expect(await cli('audit', 'verify')).toEqual({
    ...{ code: 0, err: '' },
    out: `The approval history is whole.\nRows: 0. Published: 0. Head: 0:${'0'.repeat(64)}\n`,
  });
  const hash = 'a'.repeat(64);
  expect(await cli('audit', 'verify', '--head', `7:${hash}`)).toEqual({
    ...{ code: 1, err: '' },
    out: [
      'The approval history is BROKEN.',
      '- Row 7 was anchored and is missing: the history was cut behind row 0.',
      `Rows: 0. Published: 0. Head: 0:${'0'.repeat(64)}\n`,
    ].join('\n'),
  });
  expect(await cli('audit', 'verify', '--head', '7')).toMatchObject({ code: 1, out: '' });
});
