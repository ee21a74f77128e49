import type { NodeContext } from '../node-context.js';
import type { Inferred } from '../value.js';

/**
 * What the outputs of a node are, given its inputs: shapes, dtypes, and the values of what is small and
 * does not depend on the data. A single result stands for the first output.
 *
 * @throws NotKnown where a shape depends on the data; ConvcostError where the node makes no sense
 */
export type Rule = (node: NodeContext) => Inferred | readonly Inferred[];

/** Operators by name. Sources: ONNX Operators.md and Changelog.md; for com.microsoft ContribOperators.md. */
export type Rules = Readonly<Record<string, Rule>>;
