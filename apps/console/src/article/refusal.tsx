import { Alert } from '@mantine/core';
import { describe, Problem } from '../api/problem.js';
import { texts } from '../texts.js';

/** Why a change was refused, in plain words. */
export function Refusal({ error }: { readonly error: unknown }) {
  const isFourEyes = error instanceof Problem && error.code === 'four_eyes';
  const { title, detail } = describe(error);
  return (
    <Alert color="red" role="alert" title={isFourEyes ? texts.article.fourEyes : texts.article.refused}>
      {isFourEyes ? texts.article.fourEyesText : (detail ?? title)}
    </Alert>
  );
}
