import { NavLink } from '@mantine/core';
import { Link, useMatchRoute, useRouter } from '@tanstack/react-router';
import { hasRole } from '../session/session.js';
import { useUser } from '../session/use-session.js';

/** The pages that are in the navigation and for who is signed in, in their order. */
export function Navigation() {
  const user = useUser();
  const matchRoute = useMatchRoute();
  const { routesById } = useRouter();
  const entries = Object.values(routesById)
    .map(({ fullPath, options }) => ({ to: fullPath, ...options.staticData }))
    .filter(({ roles }) => roles === undefined || hasRole(user, roles))
    .flatMap(({ to, title, nav }) => (nav === undefined || title === undefined ? [] : [{ to, title, ...nav }]))
    .sort((a, b) => a.order - b.order);
  return entries.map(({ to, title, icon: Icon }) => (
    <NavLink
      key={to}
      component={Link}
      to={to}
      label={title}
      leftSection={<Icon />}
      active={matchRoute({ to, fuzzy: true, includeSearch: false }) !== false}
      variant="light"
    />
  ));
}
