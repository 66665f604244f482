import { Checkbox, Stack } from '@mantine/core';
import type { Role } from '../session/issuer.js';
import { texts } from '../texts.js';

const roles = ['user', 'editor', 'admin'] as const satisfies readonly Role[];

interface RoleChoiceProps {
  readonly value: readonly Role[];
  readonly onChange: (roles: Role[]) => void;
  readonly error?: string | false;
}

/** Which roles somebody has. */
export function RoleChoice({ value, onChange, error = false }: RoleChoiceProps) {
  return (
    <Checkbox.Group
      label={texts.users.roles}
      value={[...value]}
      onChange={(chosen) => onChange(roles.filter((role) => chosen.includes(role)))}
      error={error}
    >
      <Stack gap="xs" mt={6} mb={4}>
        {roles.map((role) => (
          <Checkbox key={role} value={role} label={texts.roles[role]} description={texts.users.roleHints[role]} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
