import type { Convention } from './convention.js';
import { fvcore } from './fvcore.js';
import { onnxTool } from './onnx-tool.js';
import { paper } from './paper.js';
import { ptflops } from './ptflops.js';
import { ptflopsAten } from './ptflops-aten.js';
import { thop } from './thop.js';
import { torchinfo } from './torchinfo.js';

export const ours: Convention = { name: 'convcost', terms: {}, rules: {} };

/** Every way of counting; `--convention` and its help follow. To add one, write its file and add its line here. */
export const conventions: readonly Convention[] = [
  ours,
  paper,
  fvcore,
  ptflops,
  ptflopsAten,
  thop,
  torchinfo,
  onnxTool,
];

export const conventionNames: readonly string[] = conventions.map(({ name }) => name);

/** By a name that `conventionNames` holds. */
export const conventionNamed = (name: string): Convention =>
  conventions.find(each => each.name === name) ?? ours;
