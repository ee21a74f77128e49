import type { Reader } from './columns.js';
import type { Document } from './document.js';
import type { Report } from './report.js';
import { costDocument } from './views/cost.js';

type View<Kind extends Report['kind']> = (
  report: Extract<Report, { kind: Kind }>,
  reader: Reader,
) => Document;

/** How each kind of report looks; all but the default command's are loaded when there is one to show. */
const views: { readonly [Kind in Report['kind']]: () => View<Kind> | Promise<View<Kind>> } = {
  cost: () => costDocument,
  comparison: async () => (await import('./views/comparison.js')).comparisonDocument,
  'side-by-side': async () => (await import('./views/comparison.js')).sideBySideDocument,
  explanation: async () => (await import('./views/explanation.js')).explanationDocument,
  rewrites: async () => (await import('./views/rewrites.js')).rewritesDocument,
  algorithms: async () => (await import('./views/algorithms.js')).algorithmsDocument,
  convention: async () => (await import('./views/convention.js')).conventionDocument,
  run: async () => (await import('./views/run.js')).runDocument,
  zoo: async () => (await import('./views/zoo.js')).zooDocument,
  paper: async () => (await import('./views/paper.js')).paperDocument,
  bench: async () => (await import('./views/bench.js')).benchDocument,
  check: async () => (await import('./views/check.js')).checkDocument,
  diff: async () => (await import('./views/diff.js')).diffDocument,
};

/** What a report looks like to its reader, whatever its kind. */
export async function documentOf(report: Report, reader: Reader): Promise<Document> {
  const view = (await views[report.kind]()) as (report: Report, reader: Reader) => Document;
  return view(report, reader);
}
