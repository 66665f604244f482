import type { Plugin } from 'vite';

/**
 * Writes `routes.json`: the paths of all `*.route.ts` files of the build. The api answers these with the page and all
 * others with 404.
 */
export function routeList(): Plugin {
  const paths = new Set<string>();
  return {
    name: 'route-list',
    apply: 'build',
    transform: {
      filter: { id: /\.route\.tsx?$/ },
      handler(code, id) {
        const [, path] = /\bpath: ["'`](\/[^"'`]*)["'`]/.exec(code) ?? [];
        if (path === undefined) this.error(`${id} names no path.`);
        paths.add(path);
      },
    },
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'routes.json', source: JSON.stringify([...paths].sort()) });
    },
  };
}
