/** How far back the overview looks. */
export const overviewWindows = ['1h', '6h', '24h'] as const;
export type OverviewWindow = (typeof overviewWindows)[number];

/** What the chart can show. */
export const measures = ['ended', 'failed', 'submitted'] as const;
export type Measure = (typeof measures)[number];

/** What is in the address of the overview. */
export interface OverviewSearch {
  readonly window?: OverviewWindow;
  readonly show?: Measure;
}
