import { ConvcostError } from '../../errors.js';
import { exactSum } from '../../model/exact.js';
import type { Layer } from '../../model/layer.js';
import { convMacs, matmulMacs } from '../../model/macs.js';
import { type Shape, sameShape } from '../../model/shape.js';
import type { Walker } from './frame.js';
import type { NodeContext } from './node-context.js';
import type { GraphProto, NodeProto } from './schema.js';
import { type Inferred, outputOf, type Value } from './value.js';

/** Puts the subgraphs of a node on the walk's stack, and gives its outputs their values when they are done. */
type ControlFlow = (walk: Walker, node: NodeContext, proto: NodeProto) => void;

type Results = readonly (Value | undefined)[];

function graphOf(node: NodeContext, name: string): GraphProto {
  return node.attribute(name)?.graph ?? node.refuse(name, undefined, 'a graph');
}

/**
 * The branch that the inputs fix; else both are walked, and the one that costs more is counted. A run takes
 * one of them: where one makes no sense at these sizes, it is the other.
 */
const branch: ControlFlow = (walk, node, proto) => {
  const condition = node.data(0)?.[0];
  const [yes, no] = [graphOf(node, 'then_branch'), graphOf(node, 'else_branch')];
  const take = (outputs: Results, layers: readonly Layer[]) => {
    walk.emit(layers);
    walk.bindOutputs(proto, outputs);
  };
  if (condition !== undefined) {
    walk.enterGraph(condition ? yes : no, [], take);
    return;
  }
  const { label } = node;
  const takeElse = (yesError: ConvcostError) =>
    walk.enterGraph(
      no,
      [],
      (outputs, layers) => {
        take(outputs, layers);
        walk.found.noteMisfit({ label, branch: 'then', error: yesError });
      },
      () => {
        throw yesError;
      },
    );
  const chooseAfter = (yesOutputs: Results, yesLayers: readonly Layer[]) =>
    walk.enterGraph(
      no,
      [],
      (noOutputs, noLayers) => {
        const [yesMacs, noMacs] = [macsOf(yesLayers), macsOf(noLayers)];
        if (yesMacs >= noMacs) take(yesOutputs, yesLayers);
        else take(noOutputs, noLayers);
        if (yesMacs !== noMacs) walk.found.noteOpenBranch(`${label}: ${yesMacs > noMacs ? 'then' : 'else'}`);
      },
      error => {
        take(yesOutputs, yesLayers);
        walk.found.noteMisfit({ label, branch: 'else', error });
      },
    );
  walk.enterGraph(yes, [], chooseAfter, takeElse);
};

/** A loop that only its own states end is given up after so many rounds. */
const mostOpenRounds = 1000;

/** How often a body is walked, and what its rounds take and give. */
interface Rounds {
  readonly body: GraphProto;
  /** Infinite where the body alone says when it ends; undefined where the data says. */
  readonly count: number | undefined;
  readonly inputs: (round: number, states: Results) => Results;
  /** Whether a round says that another follows; undefined where that depends on the data. */
  readonly goesOn: (outputs: Results) => boolean | undefined;
  /** Where in a round's outputs the states begin. */
  readonly firstState: number;
  readonly states: Results;
  /** The shape of what all rounds together give, from what one gives. */
  readonly stack: (part: Shape, rounds: number, output: number) => Shape;
}

/**
 * Walks a body once for every round, so that each is counted with its own shapes. Where the number of
 * rounds is not known or very large, one is counted, and the loop itself is unknown if it costs anything.
 */
function repeat(walk: Walker, node: NodeContext, proto: NodeProto, rounds: Rounds): void {
  const { body, count, firstState } = rounds;
  const size = Math.max(1, body.nodes.length);
  const isAffordable = (times: number) => times * size <= walk.stepsToSpare / 2;
  const obstacle = outputOf(node.op, node.label);
  const isKnown = count !== undefined && (count === Number.POSITIVE_INFINITY || isAffordable(count));

  /** Binds the outputs: the last states, then what the rounds stacked up. */
  const finish = (done: number | undefined, states: Results, last: Results) => {
    const stacked = last.slice(firstState + states.length).map((value, output): Inferred => {
      const shape = value?.shape && done !== undefined ? rounds.stack(value.shape, done, output) : undefined;
      return { shape, dtype: value?.dtype, obstacle: shape ? undefined : obstacle };
    });
    const name = (index: number) => proto.outputs[index] ?? '';
    walk.bindOutputs(proto, [
      ...states,
      ...stacked.map((result, index) => walk.found.value(name(states.length + index), result)),
    ]);
  };

  const round = (index: number, states: Results): void => {
    const inputs = rounds
      .inputs(index, states)
      .map(value => value ?? walk.found.value('', { shape: undefined }));
    walk.enterGraph(body, inputs, (outputs, layers) => {
      walk.emit(layers);
      const next = outputs.slice(firstState, firstState + states.length);
      const goesOn = rounds.goesOn(outputs);
      const done = index + 1;
      if (isKnown && (goesOn === false || done === count)) finish(done, next, outputs);
      else if (
        isKnown &&
        goesOn &&
        isAffordable(1) &&
        (count < Number.POSITIVE_INFINITY || done < mostOpenRounds)
      )
        round(done, next);
      else {
        if (macsOf(layers) > 0) walk.emit([unknownLoop(walk, node, count)]);
        finish(goesOn ? count : undefined, unsettled(walk, obstacle, states, next), outputs);
      }
    });
  };
  if (count === 0) finish(0, rounds.states, []);
  else round(0, rounds.states);
}

/** States after rounds that were not walked: of the same shape if one round keeps it, and of no known value. */
const unsettled = (walk: Walker, obstacle: string, before: Results, after: Results): Results =>
  after.map((value, index) => {
    if (value === undefined) return undefined;
    const { name, shape, dtype } = value;
    const isKept = shape && sameShape(shape, before[index]?.shape ?? []);
    return walk.found.value(name, isKept ? { shape, dtype } : { shape: undefined, dtype, obstacle });
  });

const unknownLoop = (walk: Walker, node: NodeContext, count: number | undefined): Layer => ({
  kind: 'unknown',
  name: walk.found.layerNames.take(node.label),
  op: node.op,
  inputs: [],
  outputs: [],
  params: [],
  reason:
    count === undefined || count === Number.POSITIVE_INFINITY
      ? 'how often it repeats depends on the data; one round is counted'
      : `it repeats ${count} times; one round is counted`,
});

/** ONNX Loop: body(round, condition, states) gives condition, states and what is stacked up. */
const loop: ControlFlow = (walk, node, proto) => {
  const body = graphOf(node, 'body');
  const most = node.inputs[0] ? node.data(0)?.[0] : Number.POSITIVE_INFINITY;
  const starts = node.inputs[1] ? node.data(1)?.[0] : 1;
  const states = node.inputs.slice(2);
  // A trip count as large as this is a `while`: the condition alone ends it.
  const isWhile = most !== undefined && most > Number.MAX_SAFE_INTEGER / 2;
  const count = starts === 0 ? 0 : isWhile ? Number.POSITIVE_INFINITY : most && Math.max(0, most);
  repeat(walk, node, proto, {
    body,
    count: starts === undefined ? undefined : count,
    states,
    firstState: 1,
    inputs: (round, states) => [
      walk.found.value('round', { shape: [], dtype: 'i64', data: [round] }),
      walk.found.value('condition', { shape: [], dtype: 'bool', data: [1] }),
      ...states,
    ],
    goesOn: outputs => {
      const goesOn = outputs[0]?.data()?.[0];
      return goesOn === undefined ? undefined : goesOn !== 0;
    },
    stack: (part, rounds) => [rounds, ...part],
  });
};

/** ONNX Scan (opset 9): body(states, one slice of each scanned input) gives states and slices. */
const scan: ControlFlow = (walk, node, proto) => {
  const body = graphOf(node, 'body');
  if (node.opset < 9) throw new ConvcostError('opset-too-old', { op: node.op, opset: node.opset, least: 9 });
  const scanned = node.int('num_scan_inputs', 0);
  const states = node.inputs.slice(0, node.inputs.length - scanned);
  const sources = node.inputs.slice(states.length);
  const inputAxes = node.ints('scan_input_axes');
  const outputAxes = node.ints('scan_output_axes');
  const axisOf = (index: number, shape: Shape) =>
    node.axis(inputAxes?.[index] ?? 0, shape.length, 'scan_input_axes');
  const first = sources[0]?.shape;
  repeat(walk, node, proto, {
    body,
    count: first?.[axisOf(0, first)],
    states,
    firstState: 0,
    inputs: (_, states) => [
      ...states,
      ...sources.map(
        (source, index) =>
          source?.shape &&
          walk.found.value(source.name, {
            shape: source.shape.toSpliced(axisOf(index, source.shape), 1),
            dtype: source.dtype,
          }),
      ),
    ],
    goesOn: () => true,
    stack: (part, rounds, output) =>
      part.toSpliced(node.axis(outputAxes?.[output] ?? 0, part.length + 1, 'scan_output_axes'), 0, rounds),
  });
};

export const controlFlow: Readonly<Record<string, ControlFlow>> = { If: branch, Loop: loop, Scan: scan };

/** The multiplies of a branch, to tell which is larger. */
const macsOf = (layers: readonly Layer[]): number => exactSum('macs', layers.map(layerMacs));

function layerMacs(layer: Layer): number {
  if (layer.kind === 'matmul') return matmulMacs(layer.products);
  return layer.kind === 'conv' ? convMacs(layer.geometry) : 0;
}
