import type { Cell, Column, Document } from '../document.js';
import type { ZooEntry, ZooReport } from '../report.js';
import { definition, footer } from './cost.js';
import { count } from './cost-columns.js';
import { publishedColumns } from './published.js';

interface ZooColumn extends Column {
  readonly cell: (entry: ZooEntry) => Cell;
}

const ownColumns: readonly ZooColumn[] = [
  {
    key: 'name',
    title: 'network',
    align: 'left',
    priority: 0,
    cell: ({ name }) => ({ text: `zoo:${name}` }),
  },
  {
    key: 'parameters',
    title: 'parameters',
    align: 'left',
    priority: 1,
    cell: ({ parameters }) => ({ text: parameters.join(', ') }),
  },
  {
    key: 'resolution',
    title: 'at',
    align: 'right',
    priority: 3,
    cell: ({ resolution }) => ({ text: String(resolution), value: resolution }),
  },
  { key: 'macs', title: 'macs', align: 'right', priority: 0, cell: ({ macs }) => count(macs) },
  { key: 'params', title: 'params', align: 'right', priority: 0, cell: ({ params }) => count(params) },
];

const followsColumn: ZooColumn = {
  key: 'follows',
  title: 'form',
  align: 'left',
  priority: 7,
  cell: ({ follows }) => ({ text: follows }),
};

/** The networks of the zoo, our counts beside the papers'. */
export function zooDocument({ networks, convention }: ZooReport): Document {
  const columns: readonly ZooColumn[] = [
    ...ownColumns,
    ...publishedColumns.map(column => ({
      ...column,
      cell: ({ published }: ZooEntry) => column.cell(published),
    })),
    followsColumn,
  ];
  const rows = networks.map(entry => ({ cells: columns.map(({ cell }) => cell(entry)) }));
  return {
    blocks: [
      { type: 'sheet', sheet: { columns, rows } },
      {
        type: 'text',
        lines: [
          'Parameters follow the name, joined by commas: zoo:mobilenet-v1,width=0.5,resolution=160',
          'Tables of a paper beside our counts: convcost zoo --paper mobilenet-v1',
        ],
      },
      footer([definition(convention)], []),
    ],
  };
}
