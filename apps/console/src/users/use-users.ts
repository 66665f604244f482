import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '../api/client.js';
import { unwrapPage } from '../api/page.js';
import { Problem } from '../api/problem.js';
import { usePages } from '../api/use-pages.js';
import { texts } from '../texts.js';

export type User = Schemas['UserDto'];
export type UserWithPassword = Schemas['UserWithPasswordDto'];

const usersKey = 'users';

/** Users whose name holds a text, by name. */
export function useUsers(q: string | undefined) {
  return usePages<User>({
    key: [usersKey, q],
    load: (cursor, signal) =>
      unwrapPage(api.GET('/admin/users', { params: { query: { ...(q !== undefined && { q }), ...cursor } }, signal })),
  });
}

/** Changes roles or access of a user. */
export function useChangeUser({ id }: User, onDone: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: Schemas['ChangeUserDto']) =>
      unwrap(api.PATCH('/admin/users/{id}', { params: { path: { id } }, body: change })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: [usersKey] });
      onDone();
    },
  });
}

/** Makes a user. The answer, with the password, is kept nowhere once its dialog is closed. */
export function useMakeUser() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (user: Schemas['NewUserDto']) => unwrap(api.POST('/admin/users', { body: user })),
    onSuccess: () => queries.invalidateQueries({ queryKey: [usersKey] }),
    gcTime: 0,
  });
}

/** Gives a user another password; see {@link useMakeUser}. */
export function useNewPassword({ id }: User) {
  return useMutation({
    mutationFn: () => unwrap(api.POST('/admin/users/{id}/password', { params: { path: { id } } })),
    gcTime: 0,
  });
}

/** What to say of a refusal instead of what the api says. */
export function refusalText(error: unknown): string | undefined {
  return error instanceof Problem && error.code === 'last_admin' ? texts.users.lastAdmin : undefined;
}
