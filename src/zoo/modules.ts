import type { LayerSpec } from '../spec/layer-spec.js';
import { parseLayerTokens } from '../spec/tokens.js';

export type NamedLayer = LayerSpec & { readonly name: string };

/**
 * A part of a network, like PyTorch's modules: given its name and the name of what it reads, its layers.
 * The last layer is its output; a module without layers passes its input on.
 */
export type Module = (name: string, input: string) => readonly NamedLayer[];

/** A module, or one layer written as tokens: `conv3x3 64 p1`, `relu form=function`. */
export type Part = Module | string;
export type Parts = Readonly<Record<string, Part>>;

/** Parts one after another, each under its own name: `features.conv0`. */
export const children =
  (parts: Parts): Module =>
  (name, input) => {
    const layers: NamedLayer[] = [];
    for (const [child, part] of Object.entries(parts)) {
      const module = typeof part === 'string' ? layer(part) : part;
      layers.push(...module(name === '' ? child : `${name}.${child}`, outputOf(layers, input)));
    }
    return layers;
  };

/** Parts one after another, numbered from 0 as nn.Sequential does. */
export const sequential = (...parts: readonly Part[]): Module =>
  children(Object.fromEntries(parts.entries()));

/** Modules one after another, all under the one name. */
export const inOrder =
  (...modules: readonly Module[]): Module =>
  (name, input) => {
    const layers: NamedLayer[] = [];
    for (const module of modules) layers.push(...module(name, outputOf(layers, input)));
    return layers;
  };

/** Paths that all read the same input, and a last layer, the `op`, that joins them. A path without parts is the input itself. */
export const join =
  (op: 'add' | 'mul' | 'concat', ...paths: readonly Parts[]): Module =>
  (name, input) => {
    const branches = paths.map(path => children(path)(name, input));
    const from = branches.map(layers => outputOf(layers, input));
    return [...branches.flat(), { op, name: name === '' ? op : `${name}.${op}`, from, form: 'function' }];
  };

const layer =
  (tokens: string): Module =>
  (name, input) =>
    parseLayerTokens(tokens).map(({ place: _place, ...spec }) => ({ from: [input], ...spec, name }));

const outputOf = (layers: readonly NamedLayer[], input: string): string => layers.at(-1)?.name ?? input;
