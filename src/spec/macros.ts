import { ConvcostError } from '../errors.js';
import { makeActivation } from '../model/activation.js';
import type { LayerSpec } from './layer-spec.js';
import { fusedMbconv, mbconv } from './mbconv.js';
import type { OpName } from './ops.js';

export type MacroOp = 'sep' | 'ir' | 'mbconv' | 'fusedmbconv';

/** A macro's part, by its whole name. */
export type Part = LayerSpec & { readonly name: string };

export interface Site {
  readonly name: string;
  /** The channels that flow in, and the layer they come from. */
  readonly channels: number;
  readonly input: string;
}

/** Kinds that stand for several layers: `sep3x3 64 s2` = `dw3x3 s2`, `pw 64`. */
export const macros: Readonly<Record<MacroOp, (spec: LayerSpec, site: Site) => readonly Part[]>> = {
  sep: (spec, { name }) => {
    if (spec.weights && !('fill' in spec.weights)) throw new ConvcostError('sep-weights', {});
    return [
      {
        ...pick(spec, 'from', 'kernel', 'stride', 'padding', 'dilation', 'multiplier', 'weights'),
        op: 'dw',
        name: `${name}.dw`,
      },
      { ...pick(spec, 'out', 'bias', 'activation', 'weights'), op: 'pw', name: `${name}.pw` },
    ];
  },
  // Sandler et al. 2018, table 1: expand by t, depthwise, project; the input is added where shapes allow.
  ir: (spec, { name, channels, input }) => {
    const { expansion = 1, out = channels, activation = makeActivation('relu6') } = spec;
    const hidden = channels * expansion;
    const expand: Part = { ...pick(spec, 'from'), op: 'pw', out: hidden, activation, name: `${name}.expand` };
    const depthwise: Part = {
      ...pick(spec, 'kernel', 'stride', 'padding'),
      op: 'dw',
      activation,
      name: `${name}.dw`,
    };
    const project: Part = { op: 'pw', out, name: `${name}.project` };
    const keepsShape = [spec.stride ?? 1].flat().every(stride => stride === 1) && out === channels;
    return [
      ...(expansion === 1 ? [{ ...depthwise, ...pick(spec, 'from') }] : [expand, depthwise]),
      project,
      ...(keepsShape ? [{ op: 'add' as const, from: [input, project.name], name: `${name}.add` }] : []),
    ];
  },
  mbconv,
  fusedmbconv: fusedMbconv,
};

export const isMacro = (op: OpName): op is MacroOp => Object.hasOwn(macros, op);

/** The given fields of a layer, as far as they are written. */
function pick<Key extends keyof LayerSpec>(spec: LayerSpec, ...keys: readonly Key[]): Pick<LayerSpec, Key> {
  return Object.fromEntries(keys.flatMap(key => (spec[key] === undefined ? [] : [[key, spec[key]]]))) as Pick<
    LayerSpec,
    Key
  >;
}
