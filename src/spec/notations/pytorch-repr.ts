import { ConvcostError } from '../../errors.js';
import { type Call, parseCalls } from './calls.js';
import { type Leaf, ModuleChain } from './module-chain.js';
import type { Notation } from './notation.js';
import { pytorchModules, readPytorchModule } from './pytorch-modules.js';

/**
 * A printed PyTorch model, `print(model)`, or lines such as `nn.Conv2d(3, 32, 3, stride=2)`.
 *
 * A print lists modules and has no data flow: they are read one after another, which is right for chains
 * and for blocks whose residual additions cost nothing. What does not fit is an error that says where.
 */
export const pytorchRepr: Notation = {
  name: 'pytorch',
  says: 'PyTorch print(model), or Conv2d(...) lines',
  example: 'Conv2d(3, 32, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1), bias=False)',
  matches: text => looksPrinted.test(text) || moduleCall.test(text),
  parse: (text, { placeOf, loose }) => {
    const calls = parseCalls(text, placeOf);
    const leaves = calls.flatMap(call => leavesOf(call, call.label ?? ''));
    const chain = new ModuleChain(leaves, loose);
    const root = calls[0];
    if (chain.layers.length === 0)
      throw new ConvcostError('no-layers', { what: root?.name ?? '' }, root?.place);
    const printed = calls.length === 1 && root!.children.length > 0;
    return {
      ...(printed && root!.name !== 'Sequential' && { name: root!.name }),
      layers: chain.layers,
      order: 'channels-first',
      notes: leaves.length > 1 ? [noDataFlow, ...chain.notes] : chain.notes,
    };
  },
};

const noDataFlow =
  'A printed model has no data flow: its layers are read one after another. Functional calls, branches and additions are not in it.';

const looksPrinted = /^\s*\([\w.-]+\):\s*(\d+ x )?\w+\(/m;
/** Names that Keras has too tell nothing. */
const ownNames = pytorchModules.filter(name => !/^(Flatten|Dropout|Softmax|ReLU|LeakyReLU|ELU)$/.test(name));
const moduleCall = new RegExp(`(?<!tf\\.)\\bnn\\.[A-Z]\\w+\\(|\\b(${ownNames.join('|')})\\(`);

function leavesOf(call: Call, path: string, gate?: string): readonly Leaf[] {
  const inner = gate ?? (isSqueezeExcite(call) ? path : undefined);
  if (call.children.length > 0) {
    return call.children.flatMap((child, index) => {
      const label = child.label ?? String(index);
      return leavesOf(child, path === '' ? label : `${path}.${label}`, inner);
    });
  }
  if (call.name === 'Sequential' || call.name === 'ModuleList') return [];
  return [{ call, path, spec: readPytorchModule(call), ...(inner !== undefined && { gate: inner }) }];
}

/** By its name: SqueezeExcitation, SqueezeExcite, SEModule, SELayer, SEBlock ... */
const isSqueezeExcite = ({ name, children }: Call): boolean =>
  children.length > 0 && /^(Squeeze_?(And_?)?Excit|SE$|SE_?(Block|Layer|Module))/i.test(name);
