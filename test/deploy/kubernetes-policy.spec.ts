import { loadConfig, variables } from '@longhaul/config';
import { definitions } from '@longhaul/kinds';
import { describeOverlays, nameOf, podTemplateOf, type Manifest } from './overlays.js';

/** Milliseconds and seconds that the code takes to stop: apps/api/src/start-api.ts, apps/worker/src/start-worker.ts. */
const apiStopSeconds = 15;
const workerStopSeconds = (drain: number) => drain + 15;

/** Variables of other programs, by the image that reads them. */
const foreign = ['POSTGRES_USER', 'POSTGRES_PASSWORD', 'POSTGRES_DB', 'PGDATA', 'REDIS_PASSWORD', 'REDISCLI_AUTH'];
/** Pieces that URLs are put together of, and what comes with the metrics. */
const others = ['LONGHAUL_PASSWORD'];

type Labels = Readonly<Record<string, string>>;

describeOverlays('the rules for manifests', (overlay, manifests) => {
  const ofKind = (kind: string) => manifests.filter((manifest) => manifest.kind === kind);
  const named = (kind: string, name: string) => ofKind(kind).find(({ metadata }) => metadata.name === name);
  const withPods = manifests.filter((manifest) => podTemplateOf(manifest) !== undefined);
  const containers = withPods.flatMap((manifest) => {
    const { spec, metadata } = podTemplateOf(manifest);
    return [...(spec.initContainers ?? []), ...spec.containers].map((container) => ({
      manifest,
      spec,
      metadata,
      container,
    }));
  });
  const ours = containers.filter(({ container }) => /longhaul-(api|worker):/.test(container.image));
  const eachContainer = containers.map((one) => [`${nameOf(one.manifest)}/${one.container.name}`, one] as const);
  const podLabels: Labels[] = withPods.map((manifest) => podTemplateOf(manifest).metadata.labels);

  test('there is an api, and there are workers', () => {
    expect(ours.map(({ container }) => container.name)).toEqual(expect.arrayContaining(['api', 'worker', 'migrate']));
  });

  test('the namespace enforces the restricted standard', () => {
    expect(named('Namespace', 'longhaul')?.metadata.labels).toMatchObject({
      'pod-security.kubernetes.io/enforce': 'restricted',
    });
  });

  test.each(eachContainer)('%s runs with no rights', (_name, { spec, container }) => {
    expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(spec.securityContext.runAsUser).toBeGreaterThan(0);
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(spec).not.toHaveProperty('hostNetwork');
    expect(spec).not.toHaveProperty('hostPID');
    for (const volume of spec.volumes) expect(volume).not.toHaveProperty('hostPath');
  });

  test.each(eachContainer)('%s has a version and bounds', (_name, { container }) => {
    expect(container.image).toMatch(/:[\w.-]+$/);
    expect(container.image).not.toMatch(/:latest$/);
    expect(container.resources).toMatchObject({
      requests: { cpu: expect.any(String), memory: expect.any(String) },
      limits: { memory: expect.any(String) },
    });
  });

  test('only what scales the pods has a token of the cluster', () => {
    const withToken = withPods.filter(
      (manifest) => podTemplateOf(manifest).spec.automountServiceAccountToken !== false,
    );
    expect(withToken.map(nameOf).filter((name) => name !== 'Deployment longhaul-pod-costs')).toEqual([]);
  });

  test('what serves has probes, on ports that it has', () => {
    const serving = ours.filter(({ container }) => ['api', 'worker'].includes(container.name));
    const longRunning = serving.filter(({ manifest }) => manifest.kind === 'Deployment');
    expect(longRunning.length).toBeGreaterThan(1);
    for (const { container } of longRunning) {
      const ports = container.ports.map((port: { name: string }) => port.name);
      for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
        expect(ports).toContain(container[probe].httpGet.port);
        expect(container[probe].httpGet.path).toBe(probe === 'readinessProbe' ? '/health/ready' : '/health/live');
      }
    }
  });

  test('the ports are those that the configuration says', () => {
    const config = configOf(
      named,
      ours.find(({ container }) => container.name === 'api'),
    );
    const portOf = (name: string) =>
      ours.flatMap(({ container }) => container.ports ?? []).find((port) => port.name === name).containerPort;
    expect(portOf('http')).toBe(config.PORT);
    expect(portOf('health')).toBe(config.WORKER_HEALTH_PORT);
  });

  test.each(eachContainer)('%s reads variables that exist', (_name, { container }) => {
    for (const { name } of container.env ?? []) {
      expect([...Object.keys(variables), ...foreign, ...others]).toContain(name);
    }
  });

  test('what is configured is accepted in production', () => {
    for (const one of ours) {
      expect(configOf(named, one)).toMatchObject({ NODE_ENV: 'production', MIGRATE_ON_START: false });
    }
  });

  test('every kind is run by exactly one group of workers', () => {
    const workers = ours.filter(({ container }) => container.name === 'worker');
    const kinds = workers.flatMap((one) => configOf(named, one).WORKER_KINDS);
    expect(kinds.sort()).toEqual(definitions.map(({ name }) => name).sort());
  });

  test('a pod has time to stop', () => {
    for (const one of ours.filter(({ container }) => ['api', 'worker'].includes(container.name))) {
      const { spec, container } = one;
      const before = container.lifecycle?.preStop?.sleep?.seconds ?? 0;
      const drain = configOf(named, one).DRAIN_SECONDS;
      const stop = container.name === 'api' ? apiStopSeconds : workerStopSeconds(drain);
      expect(spec.terminationGracePeriodSeconds).toBeGreaterThan(before + stop);
    }
  });

  test('an api goes on for a while after it is to stop, until no gateway knows it', () => {
    const api = ours.find(({ container }) => container.name === 'api');
    expect(api?.container.lifecycle.preStop.sleep.seconds).toBeGreaterThanOrEqual(5);
  });

  test('selectors select', () => {
    const selectors = manifests.flatMap((manifest): [string, Selector][] => {
      const { kind, spec } = manifest;
      if (kind === 'Service') return [[nameOf(manifest), { matchLabels: spec.selector }]];
      if (['PodDisruptionBudget', 'PodMonitor'].includes(kind)) return [[nameOf(manifest), spec.selector]];
      return kind === 'NetworkPolicy' ? [[nameOf(manifest), spec.podSelector]] : [];
    });
    const idle = selectors.filter(([, selector]) => !podLabels.some((labels) => selects(selector, labels)));
    expect(idle.map(([name]) => name)).toEqual([]);
    for (const manifest of withPods.filter(({ kind }) => ['Deployment', 'StatefulSet'].includes(kind))) {
      expect(selects(manifest['spec'].selector, podTemplateOf(manifest).metadata.labels)).toBe(true);
    }
  });

  test('every deployment that serves or works may be disrupted one at a time only', () => {
    for (const manifest of ofKind('Deployment').filter(({ metadata }) => /-(api|worker-\w+)$/.test(metadata.name))) {
      const { labels } = podTemplateOf(manifest).metadata;
      expect(ofKind('PodDisruptionBudget').filter(({ spec }) => selects(spec.selector, labels))).toHaveLength(1);
    }
  });

  test('ports of services, policies and monitors are ports of their pods', () => {
    const portsOf = (selector: Selector) =>
      withPods
        .filter((manifest) => selects(selector, podTemplateOf(manifest).metadata.labels))
        .map((manifest) => podTemplateOf(manifest).spec.containers[0].ports.map((port: { name: string }) => port.name));
    const uses = [
      ...ofKind('Service').map(({ spec }) => [{ matchLabels: spec.selector }, spec.ports.map(targetPort)] as const),
      ...ofKind('PodMonitor').map(({ spec }) => [spec.selector, spec.podMetricsEndpoints.map(port)] as const),
      ...ofKind('NetworkPolicy')
        .filter(({ spec }) => spec.ingress !== undefined)
        .map(
          ({ spec }) => [spec.podSelector, spec.ingress.flatMap((rule: Rule) => (rule.ports ?? []).map(port))] as const,
        ),
    ];
    for (const [selector, wanted] of uses) {
      for (const ports of portsOf(selector as Selector))
        expect(ports).toEqual(expect.arrayContaining(wanted as string[]));
    }
  });

  test('what is referred to exists', () => {
    for (const { manifest, spec, container } of containers) {
      if (spec.serviceAccountName !== undefined) expect(named('ServiceAccount', spec.serviceAccountName)).toBeDefined();
      for (const { configMapRef } of container.envFrom ?? [])
        expect(named('ConfigMap', configMapRef.name)).toBeDefined();
      for (const { name, valueFrom } of container.env ?? []) {
        if (valueFrom?.configMapKeyRef === undefined) continue;
        const { name: map, key } = valueFrom.configMapKeyRef;
        expect([nameOf(manifest), name, named('ConfigMap', map)?.['data'][key]]).not.toContain(undefined);
      }
    }
    for (const { spec } of [...ofKind('HorizontalPodAutoscaler'), ...ofKind('ScaledObject')]) {
      expect(named(spec.scaleTargetRef.kind, spec.scaleTargetRef.name)).toBeDefined();
    }
    for (const { spec } of [...ofKind('ScaledObject'), ...ofKind('ScaledJob')]) {
      for (const { authenticationRef } of spec.triggers) {
        if (authenticationRef !== undefined)
          expect(named('TriggerAuthentication', authenticationRef.name)).toBeDefined();
      }
    }
  });

  test('what a scaler counts is not counted a second time by a fixed number', () => {
    for (const { spec } of [...ofKind('HorizontalPodAutoscaler'), ...ofKind('ScaledObject')]) {
      expect(named('Deployment', spec.scaleTargetRef.name)?.['spec']).not.toHaveProperty('replicas');
    }
  });

  test('the quota has room for a rollout at the most pods that the scalers allow', () => {
    const groups = [...ofKind('HorizontalPodAutoscaler'), ...ofKind('ScaledObject')].map(({ spec }) => {
      const deployment = named('Deployment', spec.scaleTargetRef.name);
      const { requests, limits } = podTemplateOf(deployment as Manifest).spec.containers[0].resources;
      return { most: 2 * (spec.maxReplicas ?? spec.maxReplicaCount), requests, limits };
    });
    const sum = (of: (group: (typeof groups)[number]) => number) =>
      groups.reduce((all, group) => all + group.most * of(group), 0);
    const { hard } = named('ResourceQuota', 'longhaul')?.['spec'] as { hard: Readonly<Record<string, string>> };
    expect(quantity(hard.pods)).toBeGreaterThan(sum(() => 1));
    expect(quantity(hard['requests.cpu'])).toBeGreaterThan(sum(({ requests }) => quantity(requests.cpu)));
    expect(quantity(hard['requests.memory'])).toBeGreaterThan(sum(({ requests }) => quantity(requests.memory)));
    expect(quantity(hard['limits.memory'])).toBeGreaterThan(sum(({ limits }) => quantity(limits.memory)));
  });

  test('routes lead to services, and streams have no time limit', () => {
    for (const { spec } of ofKind('HTTPRoute')) {
      expect(named('Gateway', spec.parentRefs[0].name)?.['spec'].listeners.map(name)).toContain(
        spec.parentRefs[0].sectionName,
      );
      for (const rule of spec.rules) {
        for (const backend of rule.backendRefs ?? []) {
          expect(named('Service', backend.name)?.['spec'].ports.map((one: { port: number }) => one.port)).toContain(
            backend.port,
          );
        }
        if (rule.matches?.some((match: { path: { value: string } }) => match.path.value === '/tasks')) {
          expect(rule.timeouts).toEqual({ request: '0s', backendRequest: '0s' });
        }
      }
    }
    expect(ofKind('HTTPRoute')).toHaveLength(overlay === 'dev' ? 0 : 2);
  });

  test('secrets are made by the vault, but for those that the guide makes by hand', () => {
    const wanted = containers.flatMap(({ container }) =>
      (container.env ?? []).flatMap(({ valueFrom }: Env) =>
        valueFrom?.secretKeyRef === undefined ? [] : [valueFrom.secretKeyRef],
      ),
    );
    const made = ofKind('SecretProviderClass').flatMap(({ spec }) => {
      const objects = [...spec.parameters.objects.matchAll(/objectName: ([\w-]+)/g)].map((match: string[]) => match[1]);
      return spec.secretObjects.flatMap(({ secretName, data }: SecretObject) =>
        data.filter(({ objectName }) => objects.includes(objectName)).map(({ key }) => `${secretName}/${key}`),
      );
    });
    const byHand = ['POSTGRES_PASSWORD', 'LONGHAUL_PASSWORD', 'REDIS_PASSWORD'].map((key) => `longhaul-secrets/${key}`);
    const missing = wanted.map(({ name: secret, key }) => `${secret}/${key}`);
    expect([...new Set(missing)].filter((one) => !(overlay === 'dev' ? byHand : made).includes(one))).toEqual([]);
    // The driver makes the Secret only while a pod has it mounted.
    for (const { manifest, spec } of overlay === 'dev' ? [] : ours) {
      const uses = JSON.stringify(spec.containers).includes('"longhaul-secrets"');
      expect([
        nameOf(manifest),
        JSON.stringify(spec.volumes).includes('"secretProviderClass":"longhaul-secrets"'),
      ]).toEqual([nameOf(manifest), uses]);
    }
  });

  test('nothing is allowed that no rule allows, and nobody reaches a link-local address', () => {
    expect(named('NetworkPolicy', 'deny-all')?.['spec']).toEqual({
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
    });
    const blocks = ofKind('NetworkPolicy').flatMap(({ spec }) =>
      (spec.egress ?? []).flatMap((rule: Rule) => (rule.to ?? []).flatMap((peer) => peer.ipBlock ?? [])),
    );
    for (const { cidr, except = [] } of blocks) {
      expect(
        cidr === '10.0.0.0/8' || (cidr === '0.0.0.0/0' && forbidden.every((block) => except.includes(block))),
      ).toBe(true);
    }
    // A rule without addresses would be one for all of them.
    const rules = ofKind('NetworkPolicy').flatMap(({ spec }) => (spec.egress ?? []) as Rule[]);
    for (const rule of rules) expect([rule.to?.length ?? 0, rule.ports?.length ?? 0]).not.toContain(0);
  });

  test('every pod has its way to the stores, and only workers to what clients name', () => {
    const allows = (policy: string, labels: Labels) =>
      selects(named('NetworkPolicy', policy)?.['spec'].podSelector, labels);
    for (const { container, metadata } of ours) {
      expect(
        allows(overlay === 'dev' && container.name !== 'pod-costs' ? 'local-stores' : 'stores', metadata.labels),
      ).toBe(true);
      expect(allows('workers-to-internet', metadata.labels)).toBe(container.name === 'worker');
    }
  });

  test('apis and workers are scraped, and Prometheus may call them', () => {
    const served = ours.filter(({ container }) => ['api', 'worker'].includes(container.name));
    const monitors = ofKind('PodMonitor').map(({ spec }) => spec.selector);
    expect(monitors).toHaveLength(overlay === 'dev' ? 0 : 1);
    for (const selector of monitors) {
      for (const { manifest, metadata, container } of served) {
        const { METRICS_HOST, METRICS_PORT } = configOf(named, { container });
        expect([nameOf(manifest), selects(selector, metadata.labels)]).toEqual([nameOf(manifest), true]);
        expect(container.ports).toContainEqual({ name: 'metrics', containerPort: METRICS_PORT });
        expect(METRICS_HOST).toBe('0.0.0.0');
        expect(selects(named('NetworkPolicy', 'metrics-from-prometheus')?.['spec'].podSelector, metadata.labels)).toBe(
          true,
        );
      }
    }
  });

  test('traces of apis and workers may go where they are sent', () => {
    for (const one of ours.filter(({ container }) => ['api', 'worker'].includes(container.name))) {
      const endpoint = configOf(named, one).OTEL_EXPORTER_OTLP_ENDPOINT;
      expect([nameOf(one.manifest), endpoint !== '']).toEqual([nameOf(one.manifest), overlay !== 'dev']);
      if (endpoint === '') continue;
      const { hostname, port: wanted } = new URL(endpoint);
      const [, namespace] = /^[\w-]+\.([\w-]+)\.svc\.cluster\.local$/.exec(hostname) ?? [];
      const ways = ofKind('NetworkPolicy')
        .filter(({ spec }) => selects(spec.podSelector, one.metadata.labels))
        .flatMap(({ spec }) => (spec.egress ?? []) as Rule[]);
      expect(ways).toContainEqual({
        to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } }],
        ports: [{ protocol: 'TCP', port: Number(wanted) }],
      });
    }
  });

  test('whoever signs in to Entra has an identity', () => {
    for (const one of ours) {
      const entra = (one.container.env as Env[]).some(
        ({ name: variable, value }) => variable === 'DATABASE_AUTH' && value === 'entra',
      );
      expect(entra).toBe(overlay !== 'dev');
      if (!entra) continue;
      expect(one.metadata.labels).toMatchObject({ 'azure.workload.identity/use': 'true' });
      expect(named('ServiceAccount', one.spec.serviceAccountName)?.metadata.annotations).toHaveProperty([
        'azure.workload.identity/client-id',
      ]);
    }
  });
});

const forbidden = [
  '169.254.0.0/16',
  '168.63.129.16/32',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '127.0.0.0/8',
];

interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly { key: string; operator: string; values: string[] }[];
}
interface Env {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: Readonly<Record<'secretKeyRef' | 'configMapKeyRef', { name: string; key: string } | undefined>>;
}
interface Rule {
  readonly to?: readonly { ipBlock?: { cidr: string; except?: string[] } }[];
  readonly ports?: readonly { port: string }[];
}
interface SecretObject {
  readonly secretName: string;
  readonly data: readonly { objectName: string; key: string }[];
}

/** `250m`, `2`, `768Mi`, `96Gi` as a number. */
function quantity(text: string): number {
  const factor = { m: 0.001, Mi: 2 ** 20, Gi: 2 ** 30 }[/[a-z]+$/i.exec(text)?.[0] ?? ''];
  return parseFloat(text) * (factor ?? 1);
}

const port = (one: { port: string }) => one.port;
const targetPort = (one: { targetPort: string }) => one.targetPort;
const name = (one: { name: string }) => one.name;

function selects({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values }) => operator === 'In' && values.includes(labels[key] ?? ''))
  );
}

/** The configuration that a container's program would have, with invented secrets. @throws ConfigError as it would. */
function configOf(
  named: (kind: string, name: string) => Manifest | undefined,
  one:
    | { readonly container: { readonly env?: Env[]; readonly envFrom?: { configMapRef: { name: string } }[] } }
    | undefined,
) {
  const environment: Record<string, string> = {
    AZURE_CLIENT_ID: '1',
    AZURE_TENANT_ID: '2',
    AZURE_FEDERATED_TOKEN_FILE: '/var/run/secrets/azure/tokens/azure-identity-token',
  };
  for (const { configMapRef } of one?.container.envFrom ?? []) {
    Object.assign(environment, named('ConfigMap', configMapRef.name)?.['data']);
  }
  for (const { name: variable, value, valueFrom } of one?.container.env ?? []) {
    const { configMapKeyRef, secretKeyRef } = valueFrom ?? {};
    const secret = /_URL$/.test(secretKeyRef?.key ?? '') ? 'rediss://:a-long-key@redis:10000' : 'an-invented-password';
    environment[variable] =
      configMapKeyRef === undefined
        ? (value ?? secret).replace(/\$\((\w+)\)/g, (_text, other: string) => environment[other] ?? '')
        : (named('ConfigMap', configMapKeyRef.name)?.['data'][configMapKeyRef.key] as string);
  }
  return loadConfig(environment);
}
