import { type ColumnOf, sheetOf } from '../columns.js';
import type { Document } from '../document.js';
import type { ZooEntry, ZooReport } from '../report.js';
import { definition, footer } from './cost.js';
import { count } from './cost-columns.js';
import { publishedColumns } from './published.js';

const columns = {
  name: { title: 'network', align: 'left', priority: 0, cell: ({ name }) => ({ text: `zoo:${name}` }) },
  parameters: {
    title: 'parameters',
    align: 'left',
    priority: 1,
    cell: ({ parameters }) => ({ text: parameters.join(', ') }),
  },
  resolution: {
    title: 'at',
    align: 'right',
    priority: 3,
    cell: ({ resolution }) => ({ text: String(resolution), value: resolution }),
  },
  macs: { title: 'macs', align: 'right', priority: 0, cell: ({ macs }) => count(macs) },
  params: { title: 'params', align: 'right', priority: 0, cell: ({ params }) => count(params) },
  ...publishedColumns,
  follows: { title: 'form', align: 'left', priority: 7, cell: ({ follows }) => ({ text: follows }) },
} as const satisfies Record<string, ColumnOf<ZooEntry, unknown>>;

/** The networks of the zoo, our counts beside the papers'. */
export const zooDocument = ({ networks, convention }: ZooReport): Document => ({
  blocks: [
    { type: 'sheet', sheet: sheetOf({ columns, presets: {} }, Object.keys(columns), networks, undefined) },
    {
      type: 'text',
      lines: [
        'Parameters follow the name, joined by commas: zoo:mobilenet-v1,width=0.5,resolution=160',
        'Tables of a paper beside our counts: convcost zoo --paper mobilenet-v1',
      ],
    },
    footer([definition(convention)], []),
  ],
});
