import { useQuery } from '@tanstack/react-query';
import { hasRole } from '../session/session.js';
import { useUser } from '../session/use-session.js';
import { nameOf } from './names.js';

/** Those whom the built-in issuer names; names of a provider's people are not known here. */
const ours = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const staleMs = 300_000;

/** How somebody is called; null while that is not known, and for those who may not know it. */
export function useName(id: string): string | null {
  const user = useUser();
  const { data = null } = useQuery({
    queryKey: ['user-name', id],
    queryFn: () => nameOf(id),
    staleTime: staleMs,
    enabled: hasRole(user, ['editor']) && id !== user.id && ours.test(id),
  });
  return data;
}
