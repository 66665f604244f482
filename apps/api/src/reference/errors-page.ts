import { engineErrorCodes } from '@longhaul/jobs';
import { definitions } from '@longhaul/kinds';
import { problemCodes, type ProblemKind } from '../problems/problem-codes.js';
import { code, generated, table } from './markdown.js';

/** Codes of problem documents, and codes of tasks that failed. */
export function errorsPage(): string {
  const problems = Object.entries<ProblemKind>(problemCodes);
  return `${generated}

# Errors

A call that is refused is answered with a problem document; a task that was accepted and then failed carries an \`error\`.

## Problem documents

\`application/problem+json\` by RFC 9457, with \`type\`, \`title\`, \`status\`, \`detail\`, \`instance\`, \`code\`, \`request_id\`
and \`trace_id\`. \`validation_failed\` adds \`errors\`, a list of \`{pointer, detail}\`. Programs should look at \`code\`.

${table(
  ['status', 'code', 'title', 'meaning'],
  problems.map(([name, { status, title, meaning }]) => [String(status), code(name), title, meaning]),
)}

## Errors of every task

\`error.code\` of a task whose status is FAILED, or whose last attempt failed. \`error.retryable\` says whether a later
attempt may succeed.

${codesTable(engineErrorCodes)}

${definitions.map(({ name, errorCodes }) => `## Errors of ${name}\n\n${codesTable(errorCodes)}`).join('\n\n')}
`;
}

function codesTable(codes: Readonly<Record<string, string>>): string {
  return table(
    ['code', 'meaning'],
    Object.entries(codes).map(([name, meaning]) => [code(name), meaning]),
  );
}
