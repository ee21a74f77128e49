import { z } from 'zod';
import { type ActivationName, activations } from '../model/activation.js';
import { layerForms } from '../model/layer.js';
import { fills } from '../model/network.js';
import { type Field, type OpName, opNames, ops } from './ops.js';

/**
 * The form of a spec file, for validation and as a JSON Schema. What may be written with a layer follows
 * from the table of `ops.ts`; sizes are checked where the network is built.
 */

const perAxis = z.union([z.number(), z.array(z.number()).min(1)]);
const layout = z.string().regex(/^[A-Z1]+$/, 'must be letters such as NHWC or OIHW');

const fill = z.strictObject({
  fill: z.enum(fills as [string, ...string[]]),
  seed: z.int().min(0).optional(),
});
const file = z.strictObject({ file: z.string().min(1), layout: layout.optional() });
const values = z.strictObject({
  // Flat, or nested lists; their form is checked by hand, with the numbers in the message.
  values: z.array(z.unknown()),
  shape: z.array(z.int().min(0)).optional(),
  layout: layout.optional(),
});
const anyValues = z.union([values, file, fill]);
const shape = z.array(z.int().min(0)).optional();
/** What is read or made here has no shape to show by its nesting: it may be written. */
const dataSchema = z.union([
  values,
  file.extend({ shape }),
  fill.extend({ shape, layout: layout.optional() }),
]);

const activationNames = Object.keys(activations) as [ActivationName, ...ActivationName[]];
const activation = z.union([
  z.enum(activationNames),
  z.strictObject({
    name: z.enum(activationNames),
    alpha: z.number().optional(),
    beta: z.number().optional(),
    min: z.number().optional(),
    max: z.number().optional(),
  }),
]);

const fieldSchemas: Readonly<Record<Field, z.ZodType>> = {
  out: z.number(),
  kernel: perAxis,
  stride: perAxis,
  padding: z.union([
    z.enum(['same', 'same-upper', 'same-lower', 'valid']),
    perAxis,
    z.strictObject({ begin: perAxis, end: perAxis }),
  ]),
  dilation: perAxis,
  groups: z.number(),
  multiplier: z.number(),
  expansion: z.number(),
  hidden: z.number(),
  squeeze: z.number(),
  skips: z.boolean(),
  bias: z.boolean(),
  activation,
  outputPadding: perAxis,
  outputShape: z.array(z.number()).min(1),
  weights: anyValues,
  biasValues: z.array(z.number()),
  ceil: z.boolean(),
  countPadding: z.boolean(),
  epsilon: z.number(),
  start: z.number(),
  end: z.number(),
  size: perAxis,
  word: z.string().min(1),
  reason: z.string().min(1),
  alpha: z.number(),
  beta: z.number(),
  min: z.number(),
  max: z.number(),
};

const ofEveryLayer = {
  name: z.string().min(1),
  from: z.union([z.string(), z.array(z.string()).min(1)]),
  in: z.number(),
  repeat: z.number(),
  form: z.enum(layerForms),
};

const optional = (schema: z.ZodType, isNeeded: boolean) => (isNeeded ? schema : schema.optional());

/** What an object of one kind of layer may hold. */
export function layerSchema(op: OpName): z.ZodObject {
  const { fields, needs = [] }: { fields: readonly Field[]; needs?: readonly Field[] } = ops[op];
  return z.strictObject({
    op: z.literal(op),
    ...Object.fromEntries(Object.entries(ofEveryLayer).map(([key, schema]) => [key, schema.optional()])),
    ...Object.fromEntries(fields.map(field => [field, optional(fieldSchemas[field], needs.includes(field))])),
  });
}

const inputSchema = z.union([
  z.string(),
  z.number(),
  z.array(z.number()).min(1),
  z.strictObject({ shape: z.array(z.number()).min(1), layout }),
]);

/** All of a file but its layers. */
export const fileSchema = z.strictObject({
  $schema: z.string().optional(),
  name: z.string().min(1).optional(),
  input: inputSchema.optional(),
  data: dataSchema.optional(),
  inputs: z.record(z.string(), dataSchema).optional(),
  layers: z.array(z.unknown()).min(1),
});

/** The JSON Schema of the whole form, which ships in the package. */
export const specJsonSchema = (): object => ({
  ...z.toJSONSchema(
    fileSchema.extend({ layers: z.array(z.union([z.string(), ...opNames.map(layerSchema)])).min(1) }),
  ),
  title: 'convcost network spec',
});
