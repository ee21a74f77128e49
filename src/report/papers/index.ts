import { ConvcostError } from '../../errors.js';
import type { PaperReport } from '../report.js';
import { mobilenetV1Paper } from './mobilenet-v1.js';

/** Papers whose tables are held against our counts, by the network they are about. */
const papers: Readonly<Record<string, () => PaperReport>> = {
  'mobilenet-v1': mobilenetV1Paper,
};

/** @throws ConvcostError `unknown-paper` */
export function paperReport(name: string): PaperReport {
  if (Object.hasOwn(papers, name)) return papers[name]!();
  throw new ConvcostError('unknown-paper', { word: name, known: Object.keys(papers) });
}
