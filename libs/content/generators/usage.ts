import type { GeneratorUse } from '../content-version.entity.js';

/** Tokens, and what they cost in US dollars; null when a model without prices was among them. */
export type Usage = Pick<GeneratorUse, 'input_tokens' | 'output_tokens' | 'cost'>;

export const noUsage: Usage = { input_tokens: 0, output_tokens: 0, cost: 0 };

export function sumOfUsage(...usages: readonly Usage[]): Usage {
  return usages.reduce(
    (sum, { input_tokens, output_tokens, cost }) => ({
      input_tokens: sum.input_tokens + input_tokens,
      output_tokens: sum.output_tokens + output_tokens,
      cost: sum.cost === null || cost === null ? null : Number((sum.cost + cost).toFixed(6)),
    }),
    noUsage,
  );
}
