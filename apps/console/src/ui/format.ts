const seconds = { minute: 60, hour: 3_600, day: 86_400 };

/** `340 ms`, `4.2 s`, `12 s`, `3 min 04 s`, `2 h 05 min`, `3 d 4 h`. */
export function formatDuration(ms: number): string {
  const time = Math.max(0, ms);
  if (time < 1_000) return time === 0 ? '0 s' : `${Math.round(time)} ms`;
  if (time < 10_000 && time % 1_000 !== 0) return `${(time / 1_000).toFixed(1)} s`;
  const whole = Math.round(time / 1_000);
  if (whole < seconds.minute) return `${whole} s`;
  if (whole < seconds.hour) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  if (whole < seconds.day)
    return `${Math.floor(whole / seconds.hour)} h ${pad(Math.floor((whole % seconds.hour) / 60))} min`;
  return `${Math.floor(whole / seconds.day)} d ${Math.floor((whole % seconds.day) / seconds.hour)} h`;
}

function pad(part: number): string {
  return String(part).padStart(2, '0');
}

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });

/** `now`, `12 sec. ago`, `in 3 hr.` */
export function formatRelative(at: number, now: number): string {
  const away = Math.round((at - now) / 1_000);
  const distance = Math.abs(away);
  if (distance < 2) return 'now';
  if (distance < seconds.minute) return relative.format(away, 'second');
  if (distance < seconds.hour) return relative.format(Math.round(away / seconds.minute), 'minute');
  if (distance < seconds.day) return relative.format(Math.round(away / seconds.hour), 'hour');
  return relative.format(Math.round(away / seconds.day), 'day');
}

export function formatCount(count: number): string {
  return count.toLocaleString('en');
}
