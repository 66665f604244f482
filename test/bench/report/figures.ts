/** Units by the last word of a measure's name. */
const units: Readonly<Record<string, string>> = {
  second: '/s',
  ms: ' ms',
  seconds: ' s',
  mb: ' MB',
  kb: ' kB',
  percent: ' %',
  us: ' µs',
  ns: ' ns',
};

/** A measure's name for people: `p99_ms` is `p99`, `jobs_per_second` is `jobs`. */
export function label(measure: string): string {
  return measure
    .replace(/_per_second$/, '')
    .replace(/_(ms|seconds|mb|kb|percent|us|ns)$/, '')
    .replaceAll('_', ' ');
}

/** A value with its unit, to three or four figures: `11,600/s`, `4.12 ms`. */
export function figure(measure: string, value: number): string {
  if (Number.isNaN(value)) return '–';
  const unit = units[/[^_]+$/.exec(measure)?.[0] ?? ''] ?? '';
  return `${short(value)}${unit}`;
}

/** `0.41×` */
export function times(value: number): string {
  return Number.isNaN(value) ? '–' : `${short(value)}×`;
}

/** Three figures, or all of a larger number's before the point. */
function short(value: number): string {
  return Number(value.toPrecision(Math.abs(value) >= 1000 ? 15 : 3)).toLocaleString('en', {
    maximumFractionDigits: Math.abs(value) >= 100 ? 0 : 3,
  });
}
