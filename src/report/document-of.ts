import type { Reader } from './columns.js';
import type { Document } from './document.js';
import type { Report } from './report.js';
import { algorithmsDocument } from './views/algorithms.js';
import { benchDocument } from './views/bench.js';
import { checkDocument } from './views/check.js';
import { comparisonDocument, sideBySideDocument } from './views/comparison.js';
import { conventionDocument } from './views/convention.js';
import { costDocument } from './views/cost.js';
import { diffDocument } from './views/diff.js';
import { explanationDocument } from './views/explanation.js';
import { paperDocument } from './views/paper.js';
import { rewritesDocument } from './views/rewrites.js';
import { runDocument } from './views/run.js';
import { zooDocument } from './views/zoo.js';

const views: {
  readonly [Kind in Report['kind']]: (report: Extract<Report, { kind: Kind }>, reader: Reader) => Document;
} = {
  cost: costDocument,
  comparison: comparisonDocument,
  'side-by-side': sideBySideDocument,
  explanation: explanationDocument,
  rewrites: rewritesDocument,
  algorithms: algorithmsDocument,
  convention: conventionDocument,
  run: runDocument,
  zoo: zooDocument,
  paper: paperDocument,
  bench: benchDocument,
  check: checkDocument,
  diff: diffDocument,
};

/** What a report looks like to its reader, whatever its kind. */
export const documentOf = (report: Report, reader: Reader): Document =>
  (views[report.kind] as (report: Report, reader: Reader) => Document)(report, reader);
