/** What one node of ONNX Runtime's optimised graph took, run by run. */
export interface NodeTimes {
  readonly name: string;
  /** After its optimisations: `Conv`, `FusedConv`, `ReorderOutput`. */
  readonly op: string;
  /** Milliseconds. */
  readonly times: readonly number[];
}

interface Event {
  readonly cat?: string;
  readonly name?: string;
  /** Microseconds. */
  readonly dur?: number;
  readonly args?: { readonly op_name?: string; readonly node_index?: string };
}

const suffix = '_kernel_time';

/**
 * The nodes of a profile, in the order in which they ran.
 *
 * @param text the JSON that ONNX Runtime's profiler writes
 * @param warmup so many runs at the begin do not count
 */
export function readProfile(text: string, warmup: number): readonly NodeTimes[] {
  const nodes = new Map<string, { name: string; op: string; times: number[] }>();
  for (const { cat, name = '', dur = 0, args = {} } of JSON.parse(text) as Event[]) {
    if (cat !== 'Node' || !name.endsWith(suffix)) continue;
    const key = `${args.node_index} ${name}`;
    const found = nodes.get(key);
    const ms = dur / 1000;
    if (found) found.times.push(ms);
    else nodes.set(key, { name: name.slice(0, -suffix.length), op: args.op_name ?? '', times: [ms] });
  }
  return [...nodes.values()].map(node => ({ ...node, times: node.times.slice(warmup) }));
}
