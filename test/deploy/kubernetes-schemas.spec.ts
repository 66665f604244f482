import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import ts from 'typescript';
import { describeOverlays, type Manifest } from './overlays.js';

// The types of Kubernetes are many.
jest.setTimeout(120_000);

/** Where the types and the schema of a kind are. */
const packages: readonly (readonly [RegExp, string])[] = [
  [/(^|\.)keda\.sh\//, '@kubernetes-models/keda'],
  [/^gateway\.networking\.k8s\.io\//, '@kubernetes-models/gateway-api'],
  [/^monitoring\.coreos\.com\//, '@kubernetes-models/prometheus-operator'],
  [/^secrets-store\.csi\.x-k8s\.io\//, ''],
  [/^/, 'kubernetes-models'],
];

/** Module of a manifest's kind; '' for the one kind that no package has: the policy test looks at it. */
function moduleOf({ apiVersion, kind }: Pick<Manifest, 'apiVersion' | 'kind'>): string {
  const name = packages.find(([group]) => group.test(apiVersion))?.[1] ?? '';
  return name === '' ? '' : `${name}/${apiVersion}/${kind}`;
}

/** Of all overlays, each once: most are the same in several. */
const seen = new Map<string, Manifest>();

describeOverlays('every manifest is of a kind with a schema', (_overlay, manifests) => {
  for (const manifest of manifests) seen.set(JSON.stringify(manifest), manifest);

  test('but for that of the secrets driver', () => {
    const unchecked = manifests.filter((manifest) => moduleOf(manifest) === '').map(({ kind }) => kind);
    expect(unchecked.filter((kind) => kind !== 'SecretProviderClass')).toEqual([]);
  });
});

describe('every manifest has the form of its kind', () => {
  const known = [...seen.values()].filter((manifest) => moduleOf(manifest) !== '');

  test('by the schemas, which know what values may be', () => {
    expect(refused(known)).toEqual([]);
  });

  test('by the types, which know what fields there are', () => {
    expect(problemsOf(known.map(declarationOf).join('\n'))).toEqual([]);
  });

  test('and one that has not is found', () => {
    const form = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'wrong' } };
    expect(refused([{ ...form, spec: { replicas: 'two', selector: {}, template: {} } }])).toEqual([
      expect.stringContaining('replicas must be integer'),
    ]);
    const misspelt = { ...form, spec: { replicaz: 2, selector: {}, template: {} } };
    expect(refused([misspelt])).toEqual([]);
    expect(problemsOf(declarationOf(misspelt, 0)).join()).toContain('replicaz');
  });
});

/** What the schemas say is wrong. They let fields pass that they do not know. */
function refused(manifests: readonly Manifest[]): string[] {
  const input = JSON.stringify(manifests.map((manifest) => [moduleOf(manifest), manifest]));
  return JSON.parse(
    execFileSync(process.execPath, ['test/deploy/validate-manifests.mjs'], { input }).toString(),
  ) as string[];
}

function declarationOf(manifest: Manifest, index: number): string {
  return `export const m${index}: import('${moduleOf(manifest)}').I${manifest.kind} = ${JSON.stringify(manifest)};`;
}

/** What the compiler says of a file with this text. */
function problemsOf(text: string): string[] {
  const file = resolve('test/deploy/rendered-manifests.ts');
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2024,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const original = { ...host };
  host.fileExists = (name) => name === file || original.fileExists(name);
  host.readFile = (name) => (name === file ? text : original.readFile(name));
  host.getSourceFile = (name, ...more) =>
    name === file ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2024) : original.getSourceFile(name, ...more);
  const program = ts.createProgram([file], options, host);
  return program
    .getSemanticDiagnostics(program.getSourceFile(file))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}
