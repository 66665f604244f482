import { NotFoundException, UnauthorizedException } from '@nestjs/common';
import { instanceOf } from './present-problem.js';
import { codeOfStatus, problemCodes } from './problem-codes.js';
import { invalidBody } from './problem.js';
import { toProblem } from './to-problem.js';

const withCode = (code: string, extra: object = {}) => Object.assign(new Error('secret detail'), { code, ...extra });

describe('toProblem', () => {
  it('takes the code of an exception that names one, and the table’s words otherwise', () => {
    expect(toProblem(new UnauthorizedException({ code: 'invalid_credentials', detail: 'd' }))).toMatchObject({
      code: 'invalid_credentials',
      detail: 'd',
    });
    expect(toProblem(new NotFoundException('Cannot GET /<b>'))).toMatchObject({
      code: 'not_found',
      detail: problemCodes.not_found.meaning,
    });
  });

  it('answers 503 with Retry-After when the database cannot be reached', () => {
    const errors = [
      withCode('ECONNREFUSED', { syscall: 'connect' }),
      withCode('57P01'),
      withCode('08006'),
      new AggregateError([withCode('ECONNREFUSED')]),
      new Error('timeout exceeded when trying to connect'),
      Object.assign(new Error('query failed'), { driverError: withCode('53300') }),
    ];
    for (const error of errors) {
      expect(toProblem(error)).toMatchObject({ code: 'unavailable', headers: { 'retry-after': '5' } });
    }
  });

  it('reveals nothing of an unknown error', () => {
    for (const error of [withCode('23505'), withCode('ENOENT'), 'text', null, undefined, new TypeError('x')]) {
      const problem = toProblem(error);
      expect(problem.code).toBe('internal');
      expect(problem.detail).toBe(problemCodes.internal.meaning);
      expect(problem.cause).toBe(error);
    }
  });
});

describe('problems', () => {
  it('show 20 field errors at most', () => {
    const errors = Array.from({ length: 9_000 }, (_, index) => ({ pointer: `/${index}`, detail: 'x' }));
    expect(invalidBody(errors).errors).toHaveLength(20);
  });

  it('name the path without its query and without markup', () => {
    expect(instanceOf('/tasks/<script>"\'?token=x#y')).toBe('/tasks/%3Cscript%3E%22%27');
    expect(instanceOf('http://evil/tasks')).toBe('/');
    expect(instanceOf(`/${'a'.repeat(5_000)}`)).toHaveLength(256);
  });

  it('have a code for every status', () => {
    expect(codeOfStatus(404)).toBe('not_found');
    expect(codeOfStatus(413)).toBe('body_too_large');
    expect(codeOfStatus(409)).toBe('conflict');
    expect(codeOfStatus(422)).toBe('validation_failed');
    expect(codeOfStatus(418)).toBe('malformed_request');
    expect(codeOfStatus(599)).toBe('internal');
  });
});
