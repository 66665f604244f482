// Imports only go down: apps → kinds → content → pages → jobs → auth, http, cache → persistence → telemetry → config; libs are entered by their doors.
const layers = ['config', 'telemetry', 'persistence', 'auth|http|cache', 'jobs', 'pages', 'content', 'kinds'];
const upward = layers.map((layer, index) => ({
  name: `no-upward-from-${layer.replaceAll('|', '-')}`,
  severity: 'error',
  from: { path: `^libs/(${layer})/`, pathNot: '\\.spec\\.ts$' },
  to: { path: `^(apps/|libs/(${layers.slice(index + 1).join('|') || 'none'})/)` },
}));
const doors = 'libs/[^/]+/(index|worker|processors|testing)\\.ts$';

module.exports = {
  forbidden: [
    ...upward,
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'doors-only',
      comment: 'Another lib is entered by its doors: index, worker, processors, testing.',
      severity: 'error',
      from: { path: '^(apps|libs|test)/([^/]+)/' },
      to: { path: '^libs/', pathNot: [doors, '^libs/$2/'] },
    },
    {
      name: 'not-the-own-index',
      severity: 'error',
      from: { path: '^libs/([^/]+)/', pathNot: '(index|worker|processors|testing|\\.spec)\\.ts$' },
      to: { path: '^libs/$1/index\\.ts$' },
    },
    {
      name: 'api-imports-no-handler',
      severity: 'error',
      from: { path: '^apps/api/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^libs/((jobs|content)/worker|kinds/processors|kinds/.*processor)\\.ts$' },
    },
    {
      name: 'testing-only-in-tests',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '(\\.spec|testing)\\.ts$' },
      to: { path: '^(test/|libs/[^/]+/testing\\.ts$)' },
    },
    {
      name: 'bullmq-only-in-jobs',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '^libs/jobs/|^libs/persistence/migrate|\\.spec\\.ts$' },
      to: { path: 'node_modules/bullmq/' },
    },
    {
      name: 'typeorm-only-below-kinds',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '^libs/(persistence|auth|jobs|content)/|\\.spec\\.ts$' },
      to: { path: 'node_modules/(typeorm|pg)/' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
  },
};
