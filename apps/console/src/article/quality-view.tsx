import { Group, Paper, Progress, Table, Text } from '@mantine/core';
import type { Version } from '../content/content.js';
import { texts } from '../texts.js';
import { GaugeIcon } from '../ui/icons.js';
import { State } from '../ui/states.js';

/** The verdict on a version: the whole, and each criterion with its reason. */
export function QualityView({ quality }: Pick<Version, 'quality'>) {
  if (quality === null) {
    return (
      <State icon={<GaugeIcon size={40} />} title={texts.article.notJudged}>
        {texts.article.notJudgedText}
      </State>
    );
  }
  const [name, score, why] = texts.article.criterionColumns;
  return (
    <Paper withBorder p="md">
      <Group gap="md" align="baseline" mb="md">
        <Text fz={40} fw={700} lh={1} style={{ fontVariantNumeric: 'tabular-nums' }}>
          {Math.round(quality.score)}
        </Text>
        <div>
          <Text fw={600}>{texts.article.overall}</Text>
          <Text size="sm" c="dimmed">
            {texts.article.overallText}
          </Text>
        </div>
      </Group>
      <Table.ScrollContainer
        minWidth={520}
        type="native"
        tabIndex={0}
        role="region"
        aria-label={texts.article.tabs.quality}
      >
        <Table verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={150}>{name}</Table.Th>
              <Table.Th w={150}>{score}</Table.Th>
              <Table.Th>{why}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {quality.criteria.map((criterion) => (
              <Criterion key={criterion.name} criterion={criterion} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}

type CriterionOf = NonNullable<Version['quality']>['criteria'][number];

function Criterion({ criterion: { name, score, weight, reason } }: { readonly criterion: CriterionOf }) {
  const title = texts.article.criteria[name];
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={600}>
          {title}
        </Text>
        <Text size="xs" c="dimmed">
          {texts.article.weight(Math.round(weight * 100))}
        </Text>
      </Table.Td>
      <Table.Td>
        <Group gap="xs" wrap="nowrap">
          <Progress
            value={score}
            flex={1}
            size="sm"
            radius="xl"
            color={score >= 70 ? 'teal' : score >= 50 ? 'yellow' : 'red'}
            aria-label={title}
          />
          <Text size="sm" fw={600} w={28} ta="end">
            {Math.round(score)}
          </Text>
        </Group>
      </Table.Td>
      <Table.Td>
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {reason}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}
