import { Text, VisuallyHidden } from '@mantine/core';
import { texts } from '../texts.js';
import classes from './quality-badge.module.css';

/** A verdict of 0 to 100, or that there is none. */
export function QualityBadge({ score }: { readonly score: number | undefined }) {
  if (score === undefined) {
    return (
      <Text span size="sm" c="dimmed">
        {texts.content.notJudged}
      </Text>
    );
  }
  return (
    <span className={classes.quality}>
      <span className={classes.bar} aria-hidden="true">
        <span className={classes.fill} data-level={levelOf(score)} style={{ width: `${score}%` }} />
      </span>
      <span aria-hidden="true">{Math.round(score)}</span>
      <VisuallyHidden>{texts.content.quality(Math.round(score))}</VisuallyHidden>
    </span>
  );
}

/** By the thresholds that texts are refined by: below 70 by default. */
function levelOf(score: number): 'good' | 'middling' | 'low' {
  return score >= 70 ? 'good' : score >= 50 ? 'middling' : 'low';
}
