import { signInPath, withDirectory } from '@longhaul/auth';
import type { Config } from '@longhaul/config';

/**
 * An address that signs a user in at the console, once and within ten minutes.
 * @param url of the api, without a slash at its end.
 * @returns undefined when there is no such user, or it is disabled.
 */
export function signInLink(config: Config, url: string, username: string): Promise<string | undefined> {
  return withDirectory(config, async ({ users, links }) => {
    const user = await users.findByUsername(username);
    const ticket = user === null ? undefined : await links.issue(user.id);
    return ticket === undefined ? undefined : `${url}${signInPath(ticket)}`;
  });
}
