import { ConvcostError } from '../../errors.js';
import { mobilenetV1Paper } from './mobilenet-v1.js';
import type { CountNetwork, PaperReport } from './paper.js';

/** Papers whose tables are held against our counts, by the network they are about. */
const papers: Readonly<Record<string, (countNetwork: CountNetwork) => PaperReport>> = {
  'mobilenet-v1': mobilenetV1Paper,
};

const paperNames: readonly string[] = Object.keys(papers);

/** @throws ConvcostError `unknown-paper` */
export function paperReport(name: string, countNetwork: CountNetwork): PaperReport {
  if (Object.hasOwn(papers, name)) return papers[name]!(countNetwork);
  throw new ConvcostError('unknown-paper', { word: name, known: paperNames });
}
