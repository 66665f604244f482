import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

/** A manifest as it is sent to Kubernetes. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each kind has a shape of its own; schemas check it
  readonly [field: string]: any;
}

const folder = 'deploy/kubernetes/overlays';

/** Names of all overlays. */
export const overlays: readonly string[] = readdirSync(folder).sort();

/** What `kubectl apply -k` would send. @throws Error when Kustomize refuses the overlay. */
export function render(overlay: string): Manifest[] {
  const text = execFileSync('kubectl', ['kustomize', join(folder, overlay)], { encoding: 'utf8' });
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
}

/** Whether there is a kubectl whose Kustomize (5 or newer) can be asked; its first versions know no components. */
function hasKustomize(): boolean {
  try {
    const text = execFileSync('kubectl', ['version', '--client'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return Number(/Kustomize Version: v(\d+)/.exec(text)?.[1] ?? 0) >= 5;
  } catch {
    return false;
  }
}

/** Whether overlays can be rendered on this machine. */
export const canRender = hasKustomize();

/** Tests of the rendered overlays; where there is no kubectl to render them, one loudly skipped test in their place. */
export function describeOverlays(
  title: string,
  tests: (overlay: string, manifests: readonly Manifest[]) => void,
): void {
  if (!canRender) {
    process.stderr.write(`\n!!! No kubectl with Kustomize 5: "${title}" is SKIPPED.\n`);
    describe.skip(title, () => test('needs kubectl', () => undefined));
    return;
  }
  for (const overlay of overlays) describe(`${title}: ${overlay}`, () => tests(overlay, render(overlay)));
}

/** The template of a manifest's pods; undefined when it has none. */
export function podTemplateOf({ kind, spec }: Manifest) {
  if (kind === 'ScaledJob') return spec.jobTargetRef.template;
  return ['Deployment', 'StatefulSet', 'Job'].includes(kind) ? spec.template : undefined;
}

/** `Deployment longhaul-api`, for messages. */
export const nameOf = ({ kind, metadata }: Manifest): string => `${kind} ${metadata.name}`;
