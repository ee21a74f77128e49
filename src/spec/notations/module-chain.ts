import { ConvcostError, nameInErrors } from '../../errors.js';
import { nearestWord } from '../../suggest.js';
import type { LayerSpec } from '../layer-spec.js';
import type { Call } from './calls.js';
import { pytorchModules } from './pytorch-modules.js';

/** A module that holds no others, with what is known of it. */
export interface Leaf {
  readonly call: Call;
  /** Its name in the model, `features.0.1`; empty for a lone line. */
  readonly path: string;
  /** What it is; `undefined` where it is not known. */
  readonly spec: LayerSpec | undefined;
  /** The squeeze-and-excitation module around it, where there is one. */
  readonly gate?: string;
}

/**
 * Printed modules, one after another. Keeps track of the channels that flow, which is all that a print
 * tells; sizes follow from the input that the user gives.
 *
 * Loosely, a module that does not fit becomes an unknown layer, so that totals are a lower bound: beside
 * the chain where the next one fits without it (the shortcut of a residual block), else before a module
 * that something unseen (a concat) leads to.
 */
export class ModuleChain {
  readonly layers: LayerSpec[] = [];
  readonly notes: string[] = [];
  readonly #loose: boolean;
  /** `undefined` where sizes decide them, behind a flatten. */
  #channels: number | undefined;
  /** The last global pool, behind which every map is 1x1. */
  #pool: string | undefined;
  /** Whether images are rows of values: no size is left. */
  #flat = false;
  #last = 'input';
  #gate: Gate | undefined;

  constructor(leaves: readonly Leaf[], loose: boolean) {
    this.#loose = loose;
    this.#channels = leaves.find(({ spec }) => spec?.in !== undefined)?.spec?.in;
    leaves.forEach((leaf, index) => {
      if (leaf.gate !== this.#gate?.path) {
        this.#leaveGate();
        if (leaf.gate !== undefined) this.#enterGate(leaf.gate, leaf);
      }
      nameInErrors(leaf.path || leaf.call.name, () => this.#add(leaf, leaves.slice(index + 1)));
    });
    this.#leaveGate();
  }

  #add(leaf: Leaf, rest: readonly Leaf[]): void {
    const { spec, path, call } = leaf;
    if (!spec) {
      if (!this.#loose) throw unknownModule(leaf);
      this.#push({ op: 'unknown', word: call.name, reason: 'a module that is not known' }, leaf);
      return;
    }
    if (spec.op === 'fc') this.#beforeLinear(spec, leaf);
    if (spec.in !== undefined && this.#channels !== undefined && spec.in !== this.#channels) {
      if (!this.#loose) throw this.#misfit(spec.in, leaf);
      if (nextIn(rest) === this.#channels) {
        this.#push({ op: 'unknown', word: call.name, reason: 'beside the chain: a branch' }, leaf);
        return;
      }
      const reason = `what turns ${this.#channels} channels into ${spec.in} is not in the print`;
      this.#push(
        { op: 'unknown', word: 'unseen', out: spec.in, reason },
        { ...leaf, path: `${path}.unseen` },
      );
    }
    this.#noteBehindPool(spec, leaf);
    this.#push(spec, leaf);
    if (spec.op === 'gap' && !this.#gate) this.#pool = path;
  }

  /** A linear layer reads rows: the functions that lead to them are not printed. */
  #beforeLinear({ in: features }: LayerSpec, { path, call }: Leaf): void {
    const channels = this.#channels;
    if (
      this.#flat ||
      this.#gate ||
      channels === undefined ||
      features === undefined ||
      this.layers.length === 0
    )
      return;
    const name = path || call.name;
    if (features === channels) {
      if (this.#pool === undefined) {
        this.notes.push(
          `${name} reads ${features} values, as many as channels flow in: a global average pool before it is implied.`,
        );
        this.#insert({ op: 'gap', name: `${name}.pool` });
      }
    } else if (features % channels === 0) {
      this.notes.push(
        `${name} reads ${features} values of ${channels} channels: a flatten before it is implied.`,
      );
      this.#channels = undefined;
      this.#insert({ op: 'flatten', name: `${name}.flatten` });
    }
  }

  #insert(layer: LayerSpec & { readonly name: string }): void {
    this.layers.push({ ...layer, form: 'function' });
    this.#last = layer.name;
  }

  #push(spec: LayerSpec, { path, call }: Pick<Leaf, 'path' | 'call'>): void {
    this.layers.push({ ...spec, ...(path !== '' && { name: path }), place: call.place });
    if (path !== '') this.#last = path;
    if (spec.op === 'flatten') {
      if (this.#pool === undefined) this.#channels = undefined;
      this.#flat = true;
    }
    if (spec.op === 'fc') this.#flat = true;
    if (spec.out !== undefined) this.#channels = spec.out;
  }

  /** Squeeze-and-excitation, which its name tells, begins with a pool, though that may be a function. */
  #enterGate(path: string, first: Leaf): void {
    this.#gate = { path, input: this.#last, channels: this.#channels };
    if (first.spec?.op !== 'gap') this.#insert({ op: 'gap', name: `${path}.pool` });
  }

  /** What flows on is the input, scaled by what the layers of the gate gave. */
  #leaveGate(): void {
    if (!this.#gate) return;
    const { path, input, channels } = this.#gate;
    this.#insert({ op: 'mul', name: `${path}.mul`, from: [input, this.#last] });
    this.#channels = channels;
    this.#flat = false;
    this.#gate = undefined;
    if (!this.notes.includes(gateNote)) this.notes.push(gateNote);
  }

  #noteBehindPool({ op }: LayerSpec, { path, call }: Leaf): void {
    if (op !== 'conv' || this.#pool === undefined || this.#flat) return;
    const note = `${this.#pool} pools to 1x1, and ${path || call.name} reads that: if the pool stands in a branch, the count is too low.`;
    if (!this.notes.some(other => other.startsWith(`${this.#pool} pools`))) this.notes.push(note);
  }

  #misfit(expected: number, { call }: Leaf): ConvcostError {
    return new ConvcostError(
      'chain-does-not-fit',
      { expected, actual: this.#channels!, before: this.#last },
      call.place,
    );
  }
}

interface Gate {
  readonly path: string;
  readonly input: string;
  readonly channels: number | undefined;
}

const gateNote =
  'Squeeze-and-excitation is read by its name: its input is multiplied by what its layers give.';

const unknownModule = ({ call }: Leaf): ConvcostError =>
  new ConvcostError(
    'unknown-module',
    { name: call.name, suggestion: nearestWord(call.name, pytorchModules) },
    call.place,
  );

/** The channels that the next module with channels reads. */
const nextIn = (leaves: readonly Leaf[]): number | undefined => {
  const reading = leaves.filter(({ spec }) => spec?.in !== undefined && spec.op !== 'bn');
  return reading[0]?.spec?.in;
};
