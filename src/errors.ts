import { didYouMean, nearestWord } from './suggest.js';

/**
 * Every error that convcost foresees. A message names the thing, the numbers and the next step; it is
 * written here, in one table, from typed details. `place` points into what the user wrote.
 */
export class ConvcostError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'ConvcostError';
  readonly code: Code;
  readonly details: ErrorDetails<Code>;
  /** The layer that the error is about, where it is about one. */
  layer: string | undefined;
  /** Where in the user's text the mistake stands; the innermost place wins. */
  place: Place | undefined;

  constructor(code: Code, details: ErrorDetails<Code>, place?: Place) {
    super((messages[code] as (details: ErrorDetails<Code>) => string)(details));
    this.code = code;
    this.details = details;
    this.place = place;
  }
}

/** A span of the user's text: of command-line tokens, or of a file (1-based line and column). */
export type Place =
  | { readonly kind: 'tokens'; readonly text: string; readonly start: number; readonly end: number }
  | { readonly kind: 'file'; readonly file: string; readonly line: number; readonly column: number };

/** An input's sizes in the order of axes that its source is read in. */
export interface TurnedInput {
  readonly channelsStand: 'first' | 'last';
  readonly sizes: readonly number[];
}

/** Runs `work`; a ConvcostError that leaves it without a place gets this one. */
export function withPlace<T>(place: Place | undefined, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ConvcostError) error.place ??= place;
    throw error;
  }
}

/** Runs `work`; a ConvcostError that leaves it without a layer's name gets this one. */
export function nameInErrors<T>(layer: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ConvcostError) error.layer ??= layer;
    throw error;
  }
}

/** A word of the user's that is none of those that are known. */
interface UnknownWord {
  readonly word: string;
  readonly known: readonly string[];
}

const nearest = ({ word, known }: UnknownWord): string => didYouMean(nearestWord(word, known));

/** The nearest, or else what there is. */
const nearestOrAll = (a: UnknownWord, most = a.known.length): string =>
  nearest(a) || ` There are: ${a.known.slice(0, most).join(', ') || 'none'}.`;

/** `1 axis`, `2 axes`. */
const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

/** How messages call the fields of a layer. */
const fieldWords: Readonly<Record<string, string>> = {
  out: 'a number of output channels',
  kernel: 'a kernel size',
  stride: 'a stride',
  padding: 'padding',
  dilation: 'a dilation',
  groups: 'groups',
  multiplier: 'a depth multiplier',
  expansion: 'an expansion factor',
  bias: 'a bias',
  name: 'a name',
  from: 'layers to read',
  repeat: 'a number of repetitions',
  activation: 'an activation',
  squeeze: 'a squeeze ratio',
  hidden: 'a number of hidden channels',
  ceil: 'ceil mode',
};

const exampleOf = (op: string, field: string): string =>
  ({ kernel: `${op}3x3`, out: `${op} ... 64`, expansion: `${op} ... t6` })[field] ?? `${field}=...`;

const messages = {
  // Exact numbers
  'too-large': (a: { what: string; value: bigint }) =>
    `The ${a.what}: ${a.value} is more than 2^53 - 1, the largest count kept exactly. Use smaller sizes or a smaller batch.`,

  'too-large-to-run': (a: { tensor: string; shape: readonly number[]; mostBytes: number }) =>
    `${show(a.tensor)} holds ${a.shape.join('x')} values: more than the ${a.mostBytes / 2 ** 30} GiB that one tensor of a run may have. Use a smaller batch or input, or count it without running it.`,

  // The wasm engine
  'wasm-memory-full': (a: { bytes: number; limitBytes: number }) =>
    `The wasm engine needs ${a.bytes} bytes of memory, but can have ${a.limitBytes}. Use a smaller batch or input, or the reference engine.`,
  'not-in-wasm-memory': (_: Record<string, never>) =>
    "An array outside the wasm engine's memory was passed to one of its kernels. Get arrays from the engine's allocate().",
  'wasm-worker-failed': (a: { reason: string }) =>
    `A worker thread of the wasm engine failed: ${a.reason}. Run with one thread.`,

  // Peer engines
  'peer-missing': (a: { engine: string; packages: readonly string[] }) =>
    `The engine ${a.engine} needs ${a.packages.join(' and ')}, installed neither beside convcost nor in this folder. Run npm install ${a.packages.join(' ')} here.`,
  'peer-broken': (a: { engine: string; name: string; reason: string }) =>
    `The engine ${a.engine} needs ${a.name}, which is installed but does not load: ${a.reason}. Install it again, with its install scripts.`,
  'peer-refuses': (a: { engine: string; reason: string }) =>
    `${a.engine} does not take this model: ${a.reason}. Leave ${a.engine} out of --engine.`,
  'peer-input': (a: { name: string; dtype: string }) =>
    `Input ${show(a.name)} has the type ${a.dtype}, but input values for onnxruntime are made for float32 and int64 alone. Leave onnxruntime out of --engine.`,

  // Shapes and convolutions
  'no-axes': (a: { shape: readonly number[] }) =>
    `A tensor of ${a.shape.length} axes holds no channels. Give at least a number of channels.`,
  'number-too-large': (a: { what: string; value: number }) =>
    `${a.what} is ${show(a.value)}, more than 2^53 - 1, the largest number kept exactly. Use a smaller one.`,
  'not-positive': (a: { what: string; value: unknown }) =>
    `${a.what} is ${show(a.value)}, but must be a whole number of at least 1.`,
  'not-whole': (a: { what: string; value: unknown }) =>
    `${a.what} is ${show(a.value)}, but must be a whole number of at least 0.`,
  'wrong-axis-count': (a: { what: string; count: number; axes: number }) =>
    `${a.what} has ${counted(a.count, 'value', 'values')} for ${counted(a.axes, 'spatial axis', 'spatial axes')}. Give one number, or one per axis.`,
  'wrong-pad-count': (a: { count: number; axes: number }) =>
    `Padding has ${counted(a.count, 'value', 'values')} for ${counted(a.axes, 'spatial axis', 'spatial axes')}. Give one number, ${a.axes} (one per axis) or ${2 * a.axes} (begins, then ends).`,
  'wrong-rank': (a: { what: string; axes: number; kernelAxes: number }) =>
    `${a.what} has a kernel of ${counted(a.kernelAxes, 'axis', 'axes')}, but its input has ${counted(a.axes, 'spatial axis', 'spatial axes')}. Give the kernel one size per axis of the input.`,
  'channels-not-divisible': (a: { side: 'input' | 'output'; channels: number; groups: number }) =>
    `${a.channels} ${a.side} channels cannot be split into ${a.groups} groups. Choose groups that divide ${a.channels}.`,
  'channels-disagree': (a: { expected: number; actual: number; turned: TurnedInput | undefined }) =>
    `The layer is written for ${a.expected} input channels, but ${a.actual} flow in. ${
      a.turned
        ? `Inputs are read with the channels ${a.turned.channelsStand} here: write ${a.turned.sizes.join('x')}.`
        : `Write ${a.actual}, or change the layer before.`
    }`,
  'empty-output': (a: { axis: number; input: number; padding: number; extent: number }) =>
    `The kernel spans ${counted(a.extent, 'element', 'elements')} on axis ${a.axis}, more than the ${a.input} of the input and its ${a.padding} of padding: the output would be empty. Use a smaller kernel or dilation, or more padding.`,
  'output-padding-too-large': (a: {
    axis: number;
    outputPadding: number;
    stride: number;
    dilation: number;
  }) =>
    `Output padding ${a.outputPadding} on axis ${a.axis} must be smaller than the stride (${a.stride}) or the dilation (${a.dilation}).`,
  'output-shape-too-small': (a: { axis: number; size: number }) =>
    `The transposed convolution would have ${a.size} outputs on axis ${a.axis}. Use less padding or a larger input.`,

  // Values
  'bad-filter-layout': (a: { layout: string; letters: string }) =>
    `Filter layout ${show(a.layout)} must order the axes ${[...a.letters].join(', ')}, each once.`,
  'not-depthwise-layout': (a: { layout: string; groups: number; inChannels: number }) =>
    `Filter layout ${show(a.layout)} is for depthwise convolutions, but this one has ${a.groups} groups for ${a.inChannels} input channels. Use a layout with O and I.`,
  'bad-data-layout': (a: { layout: string; shape: readonly number[] }) =>
    `Layout ${show(a.layout)} does not name the axes of shape [${a.shape.join(', ')}]. Use N, then D, H, W as there are, and C, in any order, one letter per number.`,
  'wrong-value-count': (a: {
    what: string;
    layout: string;
    count: number;
    needed: number;
    shape: readonly number[];
  }) =>
    `The ${a.what} ${a.count === 1 ? 'holds 1 value' : `hold ${a.count} values`}, but ${a.layout} ${a.shape.join('x')} needs ${a.needed}.`,
  'wrong-value-shape': (a: {
    what: string;
    layout: string;
    given: readonly number[];
    needed: readonly number[];
  }) =>
    `The ${a.what} are written with shape [${a.given.join(', ')}], but ${a.layout} is [${a.needed.join(', ')}] here.`,
  'wrong-file-shape': (a: {
    path: string;
    found: readonly number[];
    layout: string;
    needed: readonly number[];
  }) =>
    `${show(a.path)} holds an array of shape [${a.found.join(', ')}], but ${a.layout} [${a.needed.join(', ')}] is needed here.`,
  'bad-picture': (a: { path: string; reason: string }) =>
    `Cannot read ${show(a.path)} as a picture: ${a.reason}.`,
  'picture-channels': (a: { channels: number; axes: number }) =>
    `A picture has 1 or 3 channels and 2 axes, but the input has ${counted(a.channels, 'channel', 'channels')} and ${counted(a.axes, 'spatial axis', 'spatial axes')}. Use --data ramp, random:SEED or a .npy file.`,
  'not-finite': (a: { path: string; index: number; value: number }) =>
    `${show(a.path)} holds ${a.value} at index ${a.index}, but a run needs finite float32 values. Replace it, or clip the array.`,
  'bad-npy': (a: { path: string; reason: string }) =>
    `Cannot read ${show(a.path)} as a NumPy array: ${a.reason}.`,
  'bad-data': (a: { text: string; suggestion: string | undefined }) =>
    `--data ${show(a.text)} is none of ramp, ones, zeros, random, random:SEED or a .npy file.${didYouMean(a.suggestion)}`,

  'no-such-input': (a: UnknownWord) => `There is no input ${show(a.word)}.${nearestOrAll(a)}`,

  // Running
  'no-maps': (_: Record<string, never>) =>
    `No convolution of this network gives feature maps (images of height and width) to draw. Leave out --maps and --show.`,
  'no-such-output': (a: UnknownWord) => `No layer that ran is called ${show(a.word)}.${nearestOrAll(a, 20)}`,
  'bad-option': (a: { option: string; value: string; expected: string }) =>
    `${a.option} ${show(a.value)} is not ${a.expected}.`,
  'option-needs': (a: { option: string; needs: string }) =>
    `${a.option} does nothing without ${a.needs}. Give both, or neither.`,
  'option-unused': (a: { option: string; about: string }) =>
    `${a.option} applies to ${a.about}, but no source here is one. Leave it out.`,
  'unknown-path': (a: UnknownWord) =>
    `There is no ${show(a.word)} in the totals.${nearest(a) || ` Known: ${a.known.join(', ')}.`}`,
  'no-such-layer': (a: UnknownWord) =>
    `No convolution that can be split is called ${show(a.word)}.${nearestOrAll(a, 20)}`,
  'unknown-column': (a: { word: string; known: readonly string[]; suggestion: string | undefined }) =>
    `There is no column ${show(a.word)}.${didYouMean(a.suggestion) || ` There are: ${a.known.join(', ')}.`}`,
  'nothing-matches': (a: UnknownWord) => `No row is called ${show(a.word)}.${nearestOrAll(a, 20)}`,
  'nothing-to-explain': (_: Record<string, never>) =>
    `There is no standard convolution and no depthwise + pointwise pair to explain. Try 'convcost explain conv3x3 3-256'.`,
  'one-source': (a: { command: string; count: number }) =>
    `'${a.command}' takes one source, but ${a.count} are named. Quote the tokens of one network, or leave the others out.`,
  'two-sources': (a: { command: string; count: number }) =>
    `'${a.command}' takes two sources, but ${counted(a.count, 'is', 'are')} named. Quote the tokens of each network.`,
  'not-runnable': (a: { layer: string; op: string }) =>
    `Layer ${show(a.layer)} (${show(a.op)}) can be counted, but not run. Leave it out, or use 'count'.`,

  // Networks
  'no-input': (a: { example: string }) =>
    `The input size is not given. Write @${a.example} before the layers, 'input: ${a.example}' in a file, or --input ${a.example}.`,
  'input-unclear': (a: { numbers: readonly number[]; axes: number }) =>
    `An input of ${a.numbers.length} numbers (${a.numbers.join('x')}) does not fit kernels of ${counted(a.axes, 'axis', 'axes')}. Give ${a.axes} sizes, and the channels after them.`,
  'no-input-channels': (_: Record<string, never>) =>
    `The input's channels are not given. Write them last in the input (@224x224x3), or in the first layer (conv3x3 3-64).`,
  'channels-not-said': (a: { out: number }) =>
    `How many channels flow in is not said. Write 3-${a.out} in place of ${a.out}, or @224x224x3 before the layer.`,
  'input-without-shape': (a: { name: string }) =>
    `Input ${show(a.name)} has no shape. Give one, for example {shape: [1, 4, 4, 2], layout: NHWC}.`,
  'unknown-layer': (a: { name: string; suggestion: string | undefined }) =>
    `There is no layer ${show(a.name)} before this one to read from.${didYouMean(a.suggestion)}`,
  'reads-one': (a: { op: string; from: readonly string[] }) =>
    `'${a.op}' reads one layer, but ${a.from.join(', ')} are named. Join them first, with concat or add.`,
  'sep-weights': (_: Record<string, never>) =>
    `'sep' is two layers and takes fills only. Write dw and pw, each with its weights.`,
  'bias-refused': (_: Record<string, never>) =>
    `There are bias values, but bias is false. Leave one of them out.`,
  'duplicate-name': (a: { name: string }) => `Two layers are called ${show(a.name)}. Give each its own name.`,
  'bad-repetition': (a: { repeat: number }) =>
    `A layer cannot be repeated ${a.repeat} times. Use a number from 1 to 10000.`,
  'depthwise-channels': (a: { out: number; channels: number; multiplier: number }) =>
    `A depthwise convolution of ${a.channels} channels with multiplier ${a.multiplier} gives ${a.channels * a.multiplier} channels, not ${a.out}. Write a multiple of ${a.channels}, or the multiplier alone.`,
  'join-needs-two': (a: { op: string; count: number }) =>
    `'${a.op}' reads ${counted(a.count, 'layer', 'layers')}, but needs at least 2. Name them: from: [a, b].`,
  'join-disagrees': (a: { op: string; a: readonly number[]; b: readonly number[] }) =>
    `'${a.op}' cannot join ${a.a.join('x')} and ${a.b.join('x')}. Their sizes must agree${a.op === 'concat' ? ', channels apart' : ''}.`,
  'bad-slice': (a: { start: number; end: number; channels: number }) =>
    `Channels ${a.start} to ${a.end} are not a part of ${a.channels}. Choose 0 <= start < end <= ${a.channels}.`,
  'matmul-needs-two': (a: { ranks: readonly number[] }) =>
    `'matmul' needs two inputs of 3 axes (batch, rows, columns), but has axes ${a.ranks.filter(rank => rank > 0).join(' and ')}. Name them: from: [a, b].`,
  'matmul-disagrees': (a: { left: readonly number[]; right: readonly number[] }) =>
    `'matmul' cannot multiply ${a.left.join('x')} by ${a.right.join('x')}. The columns of the first must be the rows of the second, and the batches agree.`,

  // Sources and files
  usage: (a: { reason: string }) => a.reason,
  'no-source': (_: Record<string, never>) =>
    `Nothing to read. Name layer tokens (@224x224x3 conv3x3 32), a spec file, a model file, a zoo: name, or - for stdin.`,
  'unknown-source': (a: { word: string; suggestion: string | undefined }) =>
    `${show(a.word)} is not a command, a layer token or a file.${didYouMean(a.suggestion)}`,
  'unknown-command': (a: UnknownWord) => `There is no command ${show(a.word)}.${nearestOrAll(a)}`,
  'command-not-first': (a: { command: string }) =>
    `'${a.command}' is a command, which must come first: convcost ${a.command} ... A file of that name is written ./${a.command}.`,
  'cannot-read': (a: { path: string; reason: string; suggestion: string | undefined }) =>
    `Cannot read ${show(a.path)}: ${a.reason}.${didYouMean(a.suggestion)}`,
  'cannot-write': (a: { path: string; reason: string }) => `Cannot write ${show(a.path)}: ${a.reason}.`,

  // Spec files
  'bad-yaml': (a: { language: 'YAML' | 'JSON'; reason: string }) =>
    `This is not valid ${a.language}: ${a.reason.replace(/\.$/, '')}.`,
  'not-a-spec': (a: { found: string }) =>
    `A spec file holds keys (input, layers ...), but this one holds ${a.found}. See docs/layer-specs.md.`,
  'not-a-layer': (a: { value: unknown }) =>
    `A layer is a line of tokens or an object with 'op', not ${show(a.value)}.`,
  'layer-without-op': (_: Record<string, never>) =>
    `This layer has no 'op'. Say what it is, for example op: conv.`,
  'unknown-op': (a: { op: unknown; suggestion: string | undefined }) =>
    `There is no layer kind ${show(a.op)}.${didYouMean(a.suggestion)}`,
  'unknown-key': (a: UnknownWord) =>
    `Unknown key ${show(a.word)}.${nearest(a) || (a.known.length > 0 ? ` Known here: ${a.known.join(', ')}.` : '')}`,
  'bad-value': (a: { name: string; reason: string }) => `${a.name}: ${a.reason.replace(/\.$/, '')}.`,
  'beyond-float32': (a: { value: number }) =>
    `${a.value} is beyond the largest float32, 3.4e38. Kernels compute in float32: use smaller values.`,
  'ragged-values': (a: { depth: number; expected: number }) =>
    `Nested values must be regular: this list should hold ${a.expected} at depth ${a.depth + 1}, as the first one does.`,

  // Budgets and baselines
  'no-config': (a: { places: readonly string[] }) =>
    `There is no convcost config here (${a.places.join(', ')}). Run 'convcost init' to write one, or name sources and limits: convcost check model.yaml --max macs=600M.`,
  'not-a-config': (a: { path: string; found: string }) =>
    `${show(a.path)} should hold keys (budgets ...), but holds ${a.found}. Run 'convcost init' in an empty folder to see a config.`,
  'broken-config': (a: { path: string; reason: string }) =>
    `The config ${show(a.path)} failed while it was loaded: ${a.reason}.`,
  'config-exists': (a: { path: string }) =>
    `${show(a.path)} already exists. Edit it, or use --force to overwrite it.`,
  'nothing-to-init': (_: Record<string, never>) =>
    `There is no model file or spec file here. Name sources: convcost init model.onnx zoo:mobilenet-v1.`,
  'bad-quantity': (a: { written: unknown; unit: 'count' | 'bytes' }) =>
    a.unit === 'bytes'
      ? `${show(a.written)} is not a number of bytes. Write for example 6MiB, 600kB or 6291456.`
      : `${show(a.written)} is not a count. Write for example 600M, 4.3M or 568740352.`,
  'bad-limit': (a: { text: string }) =>
    `${show(a.text)} is not a limit. Write metrics and numbers, joined by commas: macs=600M,params=4.3M.`,
  'unknown-metric': (a: UnknownWord) =>
    `There is no ${show(a.word)} to limit.${nearest(a) || ` Known: ${a.known.join(', ')}.`}`,
  'bad-reporter': (a: UnknownWord & { text: string }) =>
    `There is no reporter ${show(a.text)}.${nearest(a) || ` Known: ${a.known.join(', ')}; each may have a file: junit=report.xml.`}`,
  'cannot-check': (a: { model: string; reason: string }) => `Cannot check ${show(a.model)}: ${a.reason}`,
  'bad-baseline': (a: { path: string; reason: string }) =>
    `Cannot use ${show(a.path)} as a baseline: ${a.reason}. Write it again with 'convcost check --update'.`,
  'no-baseline': (a: { path: string }) =>
    `There is no baseline ${show(a.path)}. Write it with 'convcost check --update', or compare with a commit: --baseline git:origin/main.`,
  'git-missing': (_: Record<string, never>) =>
    `A git: baseline needs the program git, which is not installed. Install it, or use a committed baseline ('convcost check --update').`,
  'not-a-repository': (a: { reason: string }) =>
    `A git: baseline needs a git repository: ${a.reason.replace(/\.$/, '')}.`,
  'unknown-ref': (a: { ref: string; isShallow: boolean }) =>
    a.isShallow
      ? `There is no commit ${show(a.ref)} in this shallow clone. Fetch it first: git fetch --depth=1 origin BRANCH, or fetch-depth: 0 in actions/checkout.`
      : `There is no commit ${show(a.ref)}. Name a branch, a tag or a commit: --baseline git:origin/main.`,
  'lfs-pointer': (a: { path: string; at: string | undefined; bytes: number | undefined }) =>
    `${show(a.path)} is a Git LFS pointer${a.bytes === undefined ? '' : ` to ${a.bytes} bytes`}${a.at === undefined ? '' : ` at ${a.at}`}, not the model itself. ${a.at === undefined ? "Run 'git lfs pull' (lfs: true in actions/checkout)" : `Run 'git lfs fetch origin ${a.at}', or keep a committed baseline ('convcost check --update'), which needs no old files`}.`,

  // Layer tokens
  'unknown-token': (a: { token: string; why: string; suggestion: string | undefined }) =>
    `${show(a.token)} is not a layer token: ${a.why}.${didYouMean(a.suggestion)}`,
  'field-not-of-op': (a: { token: string; op: string; field: string }) =>
    `${show(a.token)} sets ${fieldWords[a.field] ?? a.field}, which '${a.op}' does not have.`,
  'second-word': (a: { token: string; op: string; field: string }) =>
    `${show(a.token)} gives this '${a.op}' ${fieldWords[a.field] ?? a.field} a second time. Write one${a.field === 'out' ? '; input and output channels are written 32-64' : ''}.`,
  'field-missing': (a: { op: string; field: string }) =>
    `'${a.op}' needs ${fieldWords[a.field] ?? a.field}. Write for example ${exampleOf(a.op, a.field)}.`,
  'redirected-arrow': (a: { token: string }) =>
    `${show(a.token)} looks like the rest of an arrow whose '>' the shell took for a redirect (a file of that name may have been written). Write ${a.token}64, or quote '${a.token}>64'.`,
  'not-a-whole-number': (a: { what: string; text: string }) =>
    `${a.what} ${show(a.text)} is not a whole number. Write decimal digits, at most ${Number.MAX_SAFE_INTEGER}.`,
  'not-a-number': (a: { what: string; text: string }) => `${a.what} ${show(a.text)} is not a number.`,
  'unknown-activation': (a: UnknownWord) => `There is no activation ${show(a.word)}.${nearest(a)}`,
  'second-input': (a: { token: string }) =>
    `${show(a.token)} is a second input size. A network of tokens has one; quote each of several networks separately.`,
  'no-layers': (a: { what: string }) => `${show(a.what)} holds no layer. Add one, for example conv3x3 32.`,

  // Pasted notations
  'unknown-notation': (a: { known: readonly string[] }) =>
    `The text is in no notation that is recognised. Name its notation with --from: ${a.known.join(', ')}.`,
  'unknown-notation-name': (a: UnknownWord) =>
    `There is no notation ${show(a.word)}.${nearest(a)} --from takes ${a.known.join(', ')}.`,
  'bad-call': (a: { wanted: string; found: string }) =>
    a.found === ''
      ? `The text ends where ${a.wanted} should follow. Close every parenthesis.`
      : `Expected ${a.wanted}, but found ${show(a.found)}.`,
  'nested-too-deep': (a: { deepest: number }) =>
    `The text is nested more than ${a.deepest} deep. Close what is open.`,
  'unknown-argument': (a: UnknownWord & { layer: string }) =>
    `'${a.layer}' has no argument ${show(a.word)}.${nearest(a)}`,
  'too-many-arguments': (a: { layer: string; most: number }) =>
    `'${a.layer}' takes at most ${a.most} arguments. Leave out what follows, or name it.`,
  'argument-missing': (a: { layer: string; name: string }) =>
    `'${a.layer}' needs ${a.name}. Write it, for example ${a.name}=3.`,
  'bad-argument': (a: { layer: string; name: string; text: string; wanted: string }) =>
    `The argument ${a.name} of '${a.layer}' is ${show(a.text)}, but must be ${a.wanted}.`,
  'unknown-module': (a: { name: string; suggestion: string | undefined }) =>
    `The module ${show(a.name)} is not known.${didYouMean(a.suggestion)} Describe the network in a spec file, or give --loose to read the rest as a lower bound.`,
  'chain-does-not-fit': (a: { expected: number; actual: number; before: string }) =>
    `The module is written for ${a.expected} input channels, but ${a.actual} flow in from ${show(a.before)}. A print has no data flow, so modules are read one after another: describe branches in a spec file, or give --loose to read what fits as a lower bound.`,
  'padding-without-window': (_: Record<string, never>) =>
    'Zero padding is read together with the convolution or pool after it, whose own padding must be valid. Write it there.',
  'unknown-row': (a: UnknownWord) =>
    `${show(a.word)} is not a kind of row.${nearest(a)} Rows begin with Conv, Conv dw, Avg Pool, Max Pool, FC or Softmax.`,
  'row-without-stride': (a: { row: string }) =>
    `The row ${show(a.row)} states no stride. Write it after the kind, for example Conv / s1.`,
  'bad-row-filter': (a: { kind: string; wanted: readonly string[]; count: number }) =>
    `The filter of a '${a.kind}' row has ${counted(a.count, 'number', 'numbers')}, but needs ${a.wanted.length}: ${a.wanted.join(' x ')}.`,
  'bad-row-input': (a: { text: string }) =>
    `The input size ${show(a.text)} must be height x width x channels, for example 112x112x32.`,
  'row-size-disagrees': (a: { row: string; stated: readonly number[]; actual: readonly number[] }) =>
    `The row ${show(a.row)} states an input of ${a.stated.join('x')}, but the row before gives ${a.actual.join('x')}. Correct one of them.`,
  'bad-v2-row': (a: { row: string }) =>
    `The row ${show(a.row)} must end in t c n s: expansion, output channels, repetitions and stride, for example 6 24 2 2.`,
  'unknown-operator': (a: UnknownWord) =>
    `${show(a.word)} is not an operator of such rows.${nearest(a)} Known: ${a.known.join(', ')}.`,
  'unknown-block': (a: UnknownWord & { text: string }) =>
    `${show(a.text)} is not a block string: ${show(a.word)} is not a kind of block.${nearest(a)} Kinds are ${a.known.join(', ')}.`,
  'unknown-block-part': (a: { part: string; known: readonly string[] }) =>
    `${show(a.part)} is not a part of a block string. Parts are ${a.known.join(', ')} with a number, an activation such as nre, and noskip.`,
  'block-without-channels': (a: { text: string }) =>
    `The block string ${show(a.text)} states no output channels. Write them, for example c24.`,

  // Rewrites and conventions
  'unknown-rewrite': (a: UnknownWord) => `There is no rewrite ${show(a.word)}.${nearestOrAll(a)}`,
  'bad-rewrite-value': (a: { name: string; text: string; wanted: string }) =>
    `The rewrite '${a.name}' has the value ${show(a.text)}, but takes ${a.wanted}.`,
  'rewrite-of-whole': (a: { name: string }) =>
    `The rewrite '${a.name}' changes the whole network. Leave --layers out.`,
  'rewrite-one-source': (a: { count: number }) =>
    `--rewrite, --algorithms and --layers take one source, but ${a.count} are named. Compare them one by one.`,
  'cannot-export': (a: { layer: string; reason: string }) =>
    `${show(a.layer)} cannot be written in a spec file: ${a.reason}.`,
  'not-one-network': (a: { format: string; count: number }) =>
    `--format ${a.format} writes one network, but this report holds ${a.count}. Name one source, and one rewrite.`,

  // The zoo
  'unknown-zoo-network': (a: { name: string; suggestion: string | undefined }) =>
    `There is no network ${show(a.name)} in the zoo.${didYouMean(a.suggestion)} 'convcost zoo' lists them.`,
  'unknown-zoo-parameter': (a: UnknownWord & { network: string }) =>
    `'${a.network}' has no parameter ${show(a.word)}.${nearest(a)} It takes ${a.known.join(' and ')}, for example ${a.known[0]}=${a.known[0] === 'width' ? '0.5' : '160'}.`,
  'unknown-paper': (a: UnknownWord) =>
    `There are no tables of ${show(a.word)}.${nearest(a)} --paper takes ${a.known.join(', ')}.`,
  'zoo-parameter-twice': (a: { name: string }) =>
    `The parameter '${a.name}' is given twice. Give each parameter once.`,
  'bad-zoo-value': (a: { name: string; text: string; wanted: string }) =>
    `The parameter '${a.name}' is ${show(a.text)}, but must be ${a.wanted}.`,

  // Model files
  'not-a-model': (a: {
    file: string;
    head: string;
    /** What the file is, where that is known, and the next step. */
    foreign: { readonly what: string; readonly next: string } | undefined;
    formats: readonly string[];
  }) => {
    const known = `a model file (${a.formats.join(', ')})`;
    if (a.head === '') return `${show(a.file)} is empty, not ${known}. Copy or download it again.`;
    if (a.foreign) return `${show(a.file)} ${a.foreign.what}, which is not read. ${a.foreign.next}`;
    const what = /^\s*<(!doctype html|html)/i.test(a.head)
      ? 'is a web page'
      : `begins with ${show(a.head.slice(0, 16))}`;
    return `${show(a.file)} ${what}, not ${known}. Download the model itself, or convert it to ONNX.`;
  },
  'file-broken': (a: { position: number; what: string }) =>
    `The file is damaged at byte ${a.position}: ${a.what}. Copy or download it again.`,
  'file-incomplete': (a: { what: string }) => `The file has no ${a.what}. Export the model again.`,
  'payload-broken': (a: { tensor: string }) =>
    `The values of ${show(a.tensor)} do not fill its shape. Export the model again, or count it without running it.`,
  'dtype-not-known': (a: { type: number }) =>
    `Tensor type ${show(a.type)} is not one that ONNX defines. Export the model again.`,
  'dim-out-of-range': (a: { tensor: string; dims: readonly number[] }) => {
    // Larger ones are rounded when they are read.
    const isTooLarge = (dim: number) => dim > Number.MAX_SAFE_INTEGER;
    const sizes = a.dims
      .slice(0, 16)
      .map(dim => (isTooLarge(dim) ? 'beyond 2^53' : Number.isNaN(dim) ? '?' : dim));
    const limit = a.dims.some(isTooLarge)
      ? '2^53 - 1 is the largest size kept exactly'
      : 'every size must be a whole number of at least 0';
    return `${show(a.tensor)} has the shape [${sizes.join(', ')}], but ${limit}. Check the sizes given with --input, or export the model again.`;
  },
  'rank-too-large': (a: { tensor: string; rank: number }) =>
    `${show(a.tensor)} has ${a.rank} axes; 64 are the most that are read. Export the model again.`,
  'dims-missing': (a: {
    input: string;
    dims: readonly { readonly axis: number; readonly symbol: string }[];
    flag: string;
  }) => {
    const named = a.dims.map(
      ({ axis, symbol }) => `axis ${axis}${symbol && ` (${show(symbol).slice(1, -1)})`}`,
    );
    const what =
      named.length > 0
        ? `The file does not fix ${named.join(' and ')} of input ${show(a.input)}`
        : `The file gives no shape for input ${show(a.input)}`;
    return `${what}. Give it, for example: ${a.flag}`;
  },
  'input-syntax': (a: { text: string }) =>
    `${show(a.text)} is not an input shape. Write 1x3x224x224, NAME=1x3x224x224, or N=1 for a symbolic size.`,
  'input-rank': (a: { input: string; given: readonly number[]; rank: number }) =>
    `Input ${show(a.input)} has ${a.rank} axes, but ${a.given.join('x')} has ${a.given.length}. Give ${a.rank} sizes.`,
  'input-unknown': (a: { name: string; inputs: readonly string[]; symbols: readonly string[] }) =>
    `The model has no input and no symbolic size ${show(a.name)}. Its inputs: ${list(a.inputs)}${a.symbols.length > 0 ? `; its symbolic sizes: ${list(a.symbols)}` : ''}.`,
  'input-ambiguous': (a: { shape: readonly number[]; inputs: readonly string[] }) =>
    `The model has ${a.inputs.length} inputs, and ${a.shape.join('x')} does not say which it is for. Write NAME=${a.shape.join('x')} with one of ${list(a.inputs)}.`,
  'input-missing': (a: { op: string; index: number }) =>
    `${show(a.op)} lacks its input ${a.index}. Export the model again.`,
  'attribute-invalid': (a: { op: string; attribute: string; value: unknown; expected: string }) =>
    `${show(a.op)} has ${a.attribute} = ${a.value === undefined ? 'nothing' : show(a.value)}, but needs ${a.expected}. Fix the attribute, or export the model again.`,
  'shapes-disagree': (a: { op: string; what: string; shapes: readonly (readonly number[])[] }) =>
    `${show(a.op)} gets shapes that do not fit: ${a.shapes
      .slice(0, 8)
      .map(shape => `[${shape.slice(0, 16).join(', ')}]`)
      .join(' and ')}. ${a.what} Check the sizes given with --input.`,
  'weight-channels-disagree': (a: {
    weight: readonly number[];
    groups: number;
    takes: number;
    input: readonly number[];
  }) =>
    `The weight [${a.weight.join(', ')}] with group = ${a.groups} takes ${a.takes} input channels, but the input is [${a.input.join(', ')}]. Check the sizes given with --input, or the attribute group.`,
  'tensor-missing': (a: { op: string; tensor: string }) =>
    `${show(a.op)} reads ${show(a.tensor)}, which no node writes and the file does not store. Export the model again.`,
  'output-missing': (a: { output: string }) =>
    `The graph has the output ${show(a.output)}, which no node writes and the file does not store. Export the model again.`,
  'written-twice': (a: { tensor: string; writer: string | undefined; second: string }) =>
    `${show(a.second)} writes ${show(a.tensor)}, which ${a.writer === undefined ? 'is an input or a stored tensor of the graph' : `${show(a.writer)} writes already`}. In ONNX a name is written once: export the model again.`,
  'graph-not-sorted': (a: { tensor: string; writer: string }) =>
    `It reads ${show(a.tensor)} before ${show(a.writer)} writes it: the graph has a cycle, or its nodes are not in order. Sort them, or export the model again.`,
  'function-calls-itself': (a: { name: string }) =>
    `The function ${show(a.name)} calls itself. Export the model again.`,
  'too-many-nodes': (a: { most: number }) =>
    `With its subgraphs, iterations and function calls it comes to more than ${a.most} nodes. Count a part of the model.`,
  'opset-too-old': (a: { op: string; opset: number; least: number }) =>
    `${a.op} of opset ${a.opset} is not read. Convert the model to opset ${a.least} or later.`,
} satisfies Record<string, (details: never) => string>;

export type ErrorCode = keyof typeof messages;
export type ErrorDetails<Code extends ErrorCode> = Parameters<(typeof messages)[Code]>[0];

const list = (names: readonly string[]): string =>
  names.length === 0 ? 'none' : `${names.slice(0, 8).map(show).join(', ')}${names.length > 8 ? ', ...' : ''}`;

/** A value from outside, short enough for a message and with control characters escaped. */
export function show(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
