import type { FixtureRequest, FixtureTensor } from './fixtures.js';

/** The conformance set's words, and ours. */
const opNames: Readonly<Record<string, string>> = {
  conv: 'conv',
  depthwiseConv: 'dw',
  separableConv: 'dw',
  convTranspose: 'tconv',
};
const paddingNames = { VALID: 'valid', SAME_UPPER: 'same-upper', SAME_LOWER: 'same-lower' } as const;

/**
 * A fixture as a spec file, written as a user would write it.
 *
 * @param values how a tensor's numbers are written: in place, or as a file
 */
export function fixtureSpec(
  fixture: FixtureRequest,
  values: (name: string, tensor: FixtureTensor) => object,
) {
  const { op, layout, inputs, pointwiseLayout } = fixture;
  const { b, pw, residual } = inputs;
  const kind = /^[a-zA-Z]+/.exec(op)![0];
  const first = windowLayer(opNames[kind]!, fixture, values('w', inputs.w));
  const weighted =
    pw && pointwiseLayout ? [first, pointwiseLayer(pw, pointwiseLayout, values('pw', pw))] : [first];
  const last = weighted.at(-1)!;
  const before = weighted.slice(0, -1);
  const biased = { ...last, name: 'last', ...(b && { biasValues: tensorValues(b) }) };
  const activation = activationOf(fixture);
  return {
    data: { layout, ...values('x', inputs.x) },
    ...(residual && { inputs: { residual: { layout, ...values('residual', residual) } } }),
    layers: [
      ...before,
      ...(residual
        ? [biased, { op: 'add', from: ['last', 'residual'] }, ...(activation ? [asLayer(activation)] : [])]
        : [{ ...biased, ...(activation && { activation }) }]),
    ],
  };
}

/** The layer that slides a window: convolution, depthwise or transposed. */
function windowLayer(op: string, fixture: FixtureRequest, weights: object) {
  const { attrs, filterLayout, inputs } = fixture;
  const { strides, dilations, groups = 1, outputPadding, outputShape, outputSizes } = attrs;
  const size = (letter: string) => sizeIn(inputs.w, filterLayout, letter);
  const spatial = 'DHW'.slice(3 - axesOf(fixture));
  const outputSize = outputShape ?? outputSizes;
  return {
    op,
    kernel: attrs.kernel ?? Array.from(spatial, size),
    out: filterLayout.includes('M') ? size('C') * size('M') : size('O') * (op === 'tconv' ? groups : 1),
    padding: paddingOf(fixture),
    weights: { layout: filterLayout, ...weights },
    ...(strides && { stride: strides }),
    ...(dilations && { dilation: dilations }),
    ...(op !== 'dw' && { groups }),
    ...(op === 'tconv' && outputPadding && { outputPadding }),
    ...(op === 'tconv' && outputSize && { outputShape: outputSize }),
  };
}

const pointwiseLayer = (tensor: FixtureTensor, layout: string, weights: object) => ({
  op: 'pw',
  out: sizeIn(tensor, layout, 'O'),
  weights: { layout, ...weights },
});

/** Nothing said means no padding; with an output shape ONNX lets it follow, the odd element at the begin. */
function paddingOf(fixture: FixtureRequest) {
  const { pads, autoPad, outputShape } = fixture.attrs;
  if (autoPad) return paddingNames[autoPad];
  if (!pads) return outputShape ? paddingNames.SAME_LOWER : paddingNames.VALID;
  const half = pads.length / 2;
  const [begin, end] = [pads.slice(0, half), pads.slice(half)];
  // TensorFlow.js lifts 1-D to 2-D: edges of an axis of size 1 in front, which are none.
  const lifted = Math.max(half - axesOf(fixture), 0);
  const isLifted = [...begin.slice(0, lifted), ...end.slice(0, lifted)].every(edge => edge === 0);
  return isLifted ? { begin: begin.slice(lifted), end: end.slice(lifted) } : { begin, end };
}

const activationOf = ({ attrs: { activation, activationAttrs } }: FixtureRequest) =>
  activation === undefined ? undefined : { name: activation, ...activationAttrs };

const asLayer = ({ name, ...parameters }: { readonly name: string }) => ({ op: name, ...parameters });

/** Of a filter that lacks the axis, 1: its own shape is what gets refused. */
const sizeIn = ({ shape }: FixtureTensor, layout: string, letter: string): number =>
  shape[layout.indexOf(letter)] ?? 1;

const axesOf = ({ op }: FixtureRequest): number => Number(/(\d)d$/.exec(op)![1]);

/** As written; or those of a seed: s = (1664525 s + 1013904223) mod 2^32, ((s >>> 24) - 128) / 128. */
export function tensorValues({ data, shape, seed = 0 }: FixtureTensor): readonly number[] {
  if (data) return data;
  let state = seed;
  return Array.from({ length: shape.reduce((product, size) => product * size, 1) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state >>> 24) - 128) / 128;
  });
}
