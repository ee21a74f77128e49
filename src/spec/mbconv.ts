import { makeActivation } from '../model/activation.js';
import { roundToMultipleOf8Within10Percent } from './channel-rounding.js';
import type { LayerSpec } from './layer-spec.js';
import type { Part, Site } from './macros.js';

/**
 * Blocks of EfficientNet and its kin with batch norm, as timm builds and names them: expand, depthwise,
 * squeeze-and-excitation, project; the input is added where shapes allow (arXiv 1801.04381, 1905.11946).
 * Without an expansion nothing is expanded: a depthwise separable block.
 */
export function mbconv(spec: LayerSpec, site: Site): readonly Part[] {
  const block = new BlockParts(spec, site);
  const { kernel, stride, expansion } = spec;
  const window = { ...(kernel && { kernel }), ...(stride && { stride }), padding: halfKernel(kernel) };
  if (expansion === undefined) {
    block.convolution({ op: 'dw', ...window }, 'conv_dw');
    block.squeezeExcite(site.channels);
    block.projection('conv_pw');
  } else {
    const hidden = block.hidden();
    block.convolution({ op: 'pw', out: hidden }, 'conv_pw');
    block.convolution({ op: 'dw', ...window }, 'conv_dw');
    block.squeezeExcite(hidden);
    block.projection('conv_pwl');
  }
  return block.finish();
}

/** The edge residual: one convolution expands in place of pointwise and depthwise. */
export function fusedMbconv(spec: LayerSpec, site: Site): readonly Part[] {
  const block = new BlockParts(spec, site);
  const { kernel = 3, stride } = spec;
  const hidden = block.hidden();
  const window = { kernel, ...(stride && { stride }), padding: halfKernel(kernel) };
  block.convolution({ op: 'conv', out: hidden, ...window }, 'conv_exp');
  block.squeezeExcite(hidden);
  block.projection('conv_pwl');
  return block.finish();
}

const halfKernel = (kernel: LayerSpec['kernel'] = 3): number | readonly number[] =>
  typeof kernel === 'number' ? Math.floor(kernel / 2) : kernel.map(size => Math.floor(size / 2));

/** The parts of one block, as they are added. */
class BlockParts {
  readonly #parts: Part[] = [];
  readonly #spec: LayerSpec;
  readonly #site: Site;
  #norms = 0;

  constructor(spec: LayerSpec, site: Site) {
    this.#spec = spec;
    this.#site = site;
  }

  /** The channels inside. */
  hidden(): number {
    const { hidden, expansion = 1 } = this.#spec;
    return hidden ?? roundToMultipleOf8Within10Percent(this.#site.channels * expansion);
  }

  convolution(layer: LayerSpec, name: string): void {
    this.#add(layer, name);
    this.#norms++;
    this.#add({ op: 'bn' }, `bn${this.#norms}`);
    this.#activate(`act${this.#norms}`);
  }

  projection(name: string): void {
    this.#add({ op: 'pw', out: this.#spec.out! }, name);
    this.#add({ op: 'bn' }, `bn${this.#norms + 1}`);
  }

  /** Two pointwise layers over the average of each channel; `squeeze` is a part of the block's input. */
  squeezeExcite(channels: number): void {
    const { squeeze } = this.#spec;
    if (squeeze === undefined) return;
    const scaled = this.#parts.at(-1)!.name;
    this.#add({ op: 'gap', form: 'function' }, 'se.mean');
    this.#add(
      { op: 'pw', out: Math.max(1, Math.round(this.#site.channels * squeeze)), bias: true },
      'se.conv_reduce',
    );
    this.#activate('se.act1');
    this.#add({ op: 'pw', out: channels, bias: true }, 'se.conv_expand');
    this.#add({ op: 'sigmoid', activation: makeActivation('sigmoid') }, 'se.gate');
    this.#add({ op: 'mul', from: [scaled, `${this.#site.name}.se.gate`], form: 'function' }, 'se.mul');
  }

  finish(): readonly Part[] {
    const { stride = 1, out, skips = true, from } = this.#spec;
    const keepsShape = [stride].flat().every(each => each === 1) && out === this.#site.channels;
    if (skips && keepsShape) {
      this.#add({ op: 'add', from: [this.#parts.at(-1)!.name, this.#site.input], form: 'function' }, 'add');
    }
    const [first, ...rest] = this.#parts;
    return [{ ...first!, ...(from && { from }) }, ...rest];
  }

  #activate(name: string): void {
    const { activation = makeActivation('relu') } = this.#spec;
    if (activation.name !== 'none') this.#add({ op: activation.name, activation }, name);
  }

  #add(layer: LayerSpec, name: string): void {
    this.#parts.push({ ...layer, name: `${this.#site.name}.${name}` });
  }
}
