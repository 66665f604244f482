import { createHash } from 'node:crypto';
import { style } from './style.js';

const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0b5d57"/><path d="M9 7v18h14" fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"/></svg>`;

/** A file of the site: its name changes with what is in it, so that it can be kept for ever. */
export interface Asset {
  readonly type: string;
  readonly body: string;
}

function named(stem: string, ending: string, body: string): string {
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12);
  return `${stem}-${hash}.${ending}`;
}

const styleName = named('style', 'css', style);
const iconName = named('icon', 'svg', icon);

export const stylePath = `/site/${styleName}`;
export const iconPath = `/site/${iconName}`;

/** By file name. */
export const assets: ReadonlyMap<string, Asset> = new Map([
  [styleName, { type: 'text/css; charset=utf-8', body: style }],
  [iconName, { type: 'image/svg+xml', body: icon }],
]);
