import type { z } from 'zod';
import { ConvcostError } from '../errors.js';
import { type Activation, type ActivationName, makeActivation } from '../model/activation.js';
import type { Fill } from '../model/network.js';
import type { Shape } from '../model/shape.js';
import { nearestWord } from '../suggest.js';
import { fileSchema, layerSchema } from './file-schema.js';
import { checkForm, type Path } from './form.js';
import type { DataSpec, InputSpec, LayerSpec, NetworkSpec, ValuesSpec } from './layer-spec.js';
import { parseSizes } from './numbers.js';
import { isActivationOp, isOpName, type OpName, opNames } from './ops.js';
import { parseLayerTokens } from './tokens.js';
import { parseYaml, type YamlSource } from './yaml-source.js';

/**
 * Reads a spec file: YAML or JSON, layers as tokens and objects mixed freely.
 *
 * @param file how errors call it
 * @throws ConvcostError with file, line and column
 */
export function parseSpecFile(text: string, file: string): NetworkSpec {
  const source = parseYaml(text, file);
  const { content } = source;
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw new ConvcostError('not-a-spec', { found: formOf(content) }, source.place([]));
  const written = checkForm(fileSchema, content, [], source);
  const layers = written.layers.flatMap((layer, index) => readLayer(layer, ['layers', index], source));
  return {
    layers,
    ...(written.name !== undefined && { name: written.name }),
    ...(written.input !== undefined && { input: readInput(written.input, source) }),
    ...(written.data && { data: readData(written.data, ['data'], source) }),
    ...(written.inputs && {
      inputs: new Map(
        Object.entries(written.inputs).map(([name, data]) => [
          name,
          readData(data, ['inputs', name], source),
        ]),
      ),
    }),
  };
}

function formOf(content: unknown): string {
  if (content === null) return 'nothing';
  if (Array.isArray(content)) return 'a list';
  return typeof content === 'string' ? 'a line of text' : `only ${content}`;
}

function readLayer(layer: unknown, path: Path, source: YamlSource): readonly LayerSpec[] {
  if (typeof layer === 'string') return parseLayerTokens(layer, start => source.placeInside(path, start));
  if (typeof layer !== 'object' || layer === null || Array.isArray(layer)) {
    throw new ConvcostError('not-a-layer', { value: layer }, source.place(path));
  }
  const { op } = layer as { op?: unknown };
  if (op === undefined) throw new ConvcostError('layer-without-op', {}, source.place(path));
  if (typeof op !== 'string' || !isOpName(op)) {
    const suggestion = typeof op === 'string' ? nearestWord(op, opNames) : undefined;
    throw new ConvcostError('unknown-op', { op, suggestion }, source.place([...path, 'op']));
  }
  return [toLayerSpec(op, checkForm(layerSchema(op), layer, path, source), path, source)];
}

/** Checked fields into the strict spec: short forms are written out. */
function toLayerSpec(op: OpName, fields: Record<string, unknown>, path: Path, source: YamlSource): LayerSpec {
  const { from, activation, weights, alpha, beta, min, max, ...rest } = fields;
  const own = isActivationOp(op) ? { name: op, ...defined({ alpha, beta, min, max }) } : activation;
  return {
    ...(rest as Partial<LayerSpec>),
    op,
    place: source.place(path),
    places: Object.fromEntries(Object.keys(fields).map(key => [key, source.place([...path, key])])),
    ...(from !== undefined && { from: [from].flat() as string[] }),
    ...(own !== undefined && { activation: readActivation(own as ActivationName | WrittenActivation) }),
    ...(weights !== undefined && {
      weights: readValues(weights as WrittenValues, [...path, 'weights'], source),
    }),
  };
}

type WrittenActivation = { name: ActivationName } & Record<string, number>;

function readActivation(written: ActivationName | WrittenActivation): Activation {
  if (typeof written === 'string') return makeActivation(written);
  const { name, ...parameters } = written;
  return makeActivation(name, parameters);
}

interface WrittenValues {
  readonly values?: readonly unknown[] | undefined;
  readonly file?: string | undefined;
  readonly fill?: string | undefined;
  readonly seed?: number | undefined;
  readonly shape?: Shape | undefined;
  readonly layout?: string | undefined;
}

function readValues(written: WrittenValues, path: Path, source: YamlSource): ValuesSpec {
  const { values, file, fill, seed = 1, layout } = written;
  const named = layout === undefined ? {} : { layout };
  if (fill !== undefined) return { fill: fill as Fill, seed };
  if (file !== undefined) return { file, ...named };
  const nested = flatten(values!, [...path, 'values'], source);
  const shape = written.shape ?? (nested.shape.length > 1 ? nested.shape : undefined);
  return { values: nested.values, ...named, ...(shape && { shape }) };
}

function readData(written: WrittenValues, path: Path, source: YamlSource): DataSpec {
  const values = readValues(written, path, source);
  const shape = written.shape ?? ('shape' in values ? values.shape : undefined);
  return { values, place: source.place(path), ...defined({ shape, layout: written.layout }) };
}

function readInput(written: z.infer<typeof fileSchema>['input'], source: YamlSource): InputSpec {
  const place = source.place(['input']);
  if (typeof written === 'string')
    return { numbers: parseSizes(written.trim().replace(/^@/, ''), 'Input size', place), place };
  if (typeof written === 'number') return { numbers: [written], place };
  if (Array.isArray(written)) return { numbers: written, place };
  return { ...(written as { shape: number[]; layout: string }), place };
}

/** Nested lists as flat values, row-major, and the shape that their nesting shows. */
function flatten(
  list: readonly unknown[],
  path: Path,
  source: YamlSource,
): { values: number[]; shape: Shape } {
  const shape: number[] = [];
  for (let level: unknown = list; Array.isArray(level); level = level[0]) shape.push(level.length);
  const values: number[] = [];
  const walk = (part: unknown, depth: number, at: Path): void => {
    if (depth === shape.length) {
      if (typeof part !== 'number' || !Number.isFinite(part)) {
        throw new ConvcostError('not-a-number', { what: 'Value', text: String(part) }, source.place(at));
      }
      if (!Number.isFinite(Math.fround(part)))
        throw new ConvcostError('beyond-float32', { value: part }, source.place(at));
      values.push(part);
      return;
    }
    if (!Array.isArray(part) || part.length !== shape[depth]) {
      throw new ConvcostError('ragged-values', { depth, expected: shape[depth]! }, source.place(at));
    }
    part.forEach((item, index) => {
      walk(item, depth + 1, [...at, index]);
    });
  };
  walk(list, 0, path);
  return { values, shape };
}

const defined = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
