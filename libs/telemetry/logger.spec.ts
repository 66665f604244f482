import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const loader = resolve(import.meta.dirname, '../../test/support/run-typescript.mjs');
const canary = 'CANARY0123456789abcdef';
const moduleUrl = pathToFileURL(join(import.meta.dirname, 'logger.module.ts')).href;
const program = `
  import 'reflect-metadata';
  import { Logger } from '@nestjs/common';
  import { NestFactory } from '@nestjs/core';
  import { Logger as PinoLogger } from 'nestjs-pino';
  import { loadConfig } from '@longhaul/config';
  import { LoggerModule } from '${moduleUrl}';
  const module = LoggerModule.for(loadConfig(), 'api');
  const app = await NestFactory.createApplicationContext(module, { logger: false });
  app.useLogger(app.get(PinoLogger));
  const logger = new Logger('Test');
  logger.log({ task_type: 'errand', deep: { er: { and: { er: { Authorization: '${canary}' } } } } }, 'All is well');
  logger.warn('connect to postgres://longhaul:${canary}@db:5432/longhaul failed');
  logger.error({ err: new Error('The key ${canary} is wrong') }, 'Refused');
  await app.close();`;

async function linesOf(format: string): Promise<string> {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, ['--import', loader, '--input-type=module', '-e', program], {
    env: { PATH, HOME, LOG_FORMAT: format, OPENAI_API_KEY: canary },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (said += text));
  expect(await once(child, 'close')).toEqual([0, null]);
  return said;
}

it.each(['pretty', 'json'])('lines in the format %s are what it says, and tell no secret', async (format) => {
  const said = await linesOf(format);
  expect(said).not.toContain(canary);
  expect(said.match(/\[redacted\]/g)?.length).toBeGreaterThanOrEqual(3);
  if (format === 'json') {
    const levels = said.trimEnd().split('\n').map((line) => (JSON.parse(line) as { level: string }).level); // prettier-ignore
    expect(levels).toEqual(['info', 'warn', 'error']);
  } else {
    expect(said).toMatch(/^\S*\[?\d\d:\d\d:\d\d\.\d{3}\]?.*INFO.*All is well.*\n(?:\s+.*\n)*\s+task_type/m);
    expect(said).toMatch(/ERROR.*Refused/);
  }
});
