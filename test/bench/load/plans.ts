import type { Product } from '../stage/product.js';
import { noopBatchBody, noopBody } from './bodies.js';
import type { LoadPlan } from './load.js';

/** POST /tasks of jobs that do nothing. */
export function submitPlan(product: Product, connections: number): LoadPlan {
  return {
    url: product.url,
    method: 'POST',
    paths: ['/tasks'],
    tokens: product.tokens,
    body: noopBody,
    connections,
    expect: 202,
  };
}

/** POST /tasks/batch of them. */
export function batchPlan(product: Product, connections: number): LoadPlan {
  return { ...submitPlan(product, connections), paths: ['/tasks/batch'], body: noopBatchBody, expect: 200 };
}
