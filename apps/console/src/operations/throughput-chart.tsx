import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { colourOf, type Scheme } from './chart-colours.js';
import type { Measure } from './overview-search.js';
import { formatClock } from './piece-of-time.js';
import { measured } from './totals.js';
import type { Overview } from './use-overview.js';

interface ThroughputChartProps {
  readonly overview: Overview;
  readonly measure: Measure;
  readonly scheme: Scheme;
  /** The piece of time that is pointed at; null: none. */
  readonly onPoint: (index: number | null) => void;
}

/** Stacked bars by kind, as large as the element around them. Loaded when it is needed: the library is, too. */
export function ThroughputChart({ overview, measure, scheme, onPoint }: ThroughputChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const latest = useRef({ overview, measure });
  const { bucket_seconds: seconds } = overview;
  const kindCount = overview.kinds.length;

  useEffect(() => {
    latest.current = { overview, measure };
    chart.current?.setData(stacked(latest.current));
  }, [overview, measure]);

  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const isSampled = (index: number) => latest.current.overview.kinds.some(({ buckets }) => buckets[index]?.sampled);
    const options = chartOptions({ kindCount, seconds, scheme, element, onPoint, isSampled });
    const made = new uPlot(options, stacked(latest.current), element);
    chart.current = made;
    const sizes = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: element.clientHeight }));
    sizes.observe(element);
    return () => {
      sizes.disconnect();
      made.destroy();
      chart.current = undefined;
    };
  }, [kindCount, seconds, scheme, onPoint]);

  return <div ref={place} style={{ height: '100%' }} />;
}

type Shown = Pick<ThroughputChartProps, 'overview' | 'measure'>;

/** Times, then what reaches highest first: each following one is drawn over it, from the same ground. */
function stacked({ overview: { kinds }, measure }: Shown): uPlot.AlignedData {
  const times = (kinds[0]?.buckets ?? []).map(({ at }) => Date.parse(at) / 1_000);
  const heights = times.map(() => 0);
  const series = kinds.map(({ buckets }) => {
    buckets.forEach((bucket, index) => (heights[index] = (heights[index] ?? 0) + measured(measure, bucket)));
    return [...heights];
  });
  return [times, ...series.reverse()];
}

interface ChartShape {
  readonly kindCount: number;
  /** Of a bar. */
  readonly seconds: number;
  readonly scheme: Scheme;
  readonly element: HTMLElement;
  readonly onPoint: (index: number | null) => void;
  readonly isSampled: (index: number) => boolean;
}

const least = 4;
const steps = [1, 2, 5]
  .flatMap((step) => [0, 1, 2, 3, 4, 5, 6, 7].map((power) => step * 10 ** power))
  .sort((a, b) => a - b);

function chartOptions({ kindCount, seconds, scheme, element, onPoint, isSampled }: ChartShape): uPlot.Options {
  const [ink, lines] = scheme === 'dark' ? ['#a6a7ab', '#383838'] : ['#586069', '#e9ecef'];
  const axis = { stroke: ink, font: '12px system-ui, sans-serif', ticks: { show: false } };
  return {
    width: element.clientWidth,
    height: element.clientHeight,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
    padding: [12, 8, 0, 0],
    scales: {
      x: { range: (_chart, from, to) => [from, to + seconds] },
      y: { range: (_chart, _from, to) => [0, Math.max(least, to * 1.05)] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 28,
        space: 64,
        values: (_chart, times) => times.map((time) => formatClock(time * 1_000)),
      },
      { ...axis, grid: { stroke: lines, width: 1 }, size: 44, space: 36, incrs: steps },
    ],
    series: [
      {},
      ...Array.from({ length: kindCount }, (_, place) => ({
        fill: colourOf(kindCount - 1 - place, scheme),
        width: 0,
        points: { show: false },
        ...(uPlot.paths.bars && { paths: uPlot.paths.bars({ size: [0.8, 40], align: 1 }) }),
      })),
    ],
    hooks: {
      setCursor: [(chart) => onPoint(pointedAt(chart, seconds))],
      draw: [(chart) => markEstimates(chart, seconds, ink, isSampled)],
    },
  };
}

/** A bar begins at its time, so that it is not the nearest time that is pointed at. */
function pointedAt(chart: uPlot, seconds: number): number | null {
  const { left = -1 } = chart.cursor;
  const [times] = chart.data;
  const [first] = times;
  if (first === undefined || left < 0) return null;
  const index = Math.floor((chart.posToVal(left, 'x') - first) / seconds);
  return index >= 0 && index < times.length ? index : null;
}

/** Puts ≈ over each bar that is an estimate. */
function markEstimates(chart: uPlot, seconds: number, ink: string, isSampled: ChartShape['isSampled']): void {
  const { ctx } = chart;
  const [times, highest] = chart.data;
  ctx.save();
  ctx.fillStyle = ink;
  ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textAlign = 'center';
  times.forEach((time, index) => {
    const height = highest?.[index];
    if (!height || !isSampled(index)) return;
    ctx.fillText('≈', chart.valToPos(time + seconds * 0.4, 'x', true), chart.valToPos(height, 'y', true) - 3);
  });
  ctx.restore();
}
