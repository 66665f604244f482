import { outboundErrorCodes, refuseUrl, urlPolicyOf } from '@longhaul/http';
import { defineKind } from '@longhaul/jobs';
import { WebScrapeInput } from './web_scrape.dto.js';

export const webScrape = defineKind({
  name: 'web_scrape',
  title: 'Web scrape',
  description:
    'Fetches a page, or a site by its links, and reports title, description, language, headings, links and counts of ' +
    'each page. robots.txt is honoured. A page that fails is reported and does not end the task, unless it is the first.',
  input: WebScrapeInput,
  example: { url: 'https://example.com' },
  // 200 pages at the longest crawl delay that is honoured take 2,000 s.
  timeoutSeconds: 2400,
  maxAttempts: 4,
  errorCodes: {
    ...outboundErrorCodes,
    unreadable_page: 'The page could not be parsed within the limits of time and memory.',
  },
  refuse: (input, config) => {
    const refusal = refuseUrl(input.url, urlPolicyOf(config));
    return refusal === null ? [] : [{ pointer: '/url', detail: refusal }];
  },
});
