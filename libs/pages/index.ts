export { PageFetcher } from './page-fetcher.js';
export { PageParser, UnreadablePageError } from './page-parser.js';
export { bounds, normalizeUrl, type PageFacts } from './parse-page.js';
