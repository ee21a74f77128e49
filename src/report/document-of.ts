import type { Document } from './document.js';
import type { Report } from './report.js';
import { comparisonDocument, sideBySideDocument } from './views/comparison.js';
import { costDocument } from './views/cost.js';
import { explanationDocument } from './views/explanation.js';
import { paperDocument } from './views/paper.js';
import { runDocument } from './views/run.js';
import { zooDocument } from './views/zoo.js';

const views: { readonly [Kind in Report['kind']]: (report: Extract<Report, { kind: Kind }>) => Document } = {
  cost: report => costDocument(report),
  comparison: comparisonDocument,
  'side-by-side': sideBySideDocument,
  explanation: explanationDocument,
  run: runDocument,
  zoo: zooDocument,
  paper: paperDocument,
};

/** What a report looks like, whatever its kind. */
export const documentOf = (report: Report): Document =>
  (views[report.kind] as (report: Report) => Document)(report);
