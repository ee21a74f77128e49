import { countNetwork, type NetworkCost } from '../../src/cost/count.js';
import type { Engine } from '../../src/engines/engine.js';
import { executeSteps } from '../../src/engines/execute.js';
import { layoutName } from '../../src/model/layout.js';
import type { Network } from '../../src/model/network.js';
import { buildNetwork } from '../../src/spec/build.js';
import { parseSpecFile } from '../../src/spec/file.js';
import { formatNpy, parseNpy } from '../../src/tensor/npy.js';
import { permute } from '../../src/tensor/permute.js';
import { fixtureSpec, tensorValues } from './fixture-spec.js';
import type { FixtureRequest, FixtureTensor } from './fixtures.js';

/** What a fixture became on its way: spec file, network, count and, in the fixture's own layout, values. */
export interface FixtureRun {
  readonly network: Network;
  readonly cost: NetworkCost;
  readonly kernels: readonly string[];
  /** Multiplications that the kernels did, where every kernel of the network counts them. */
  readonly multiplies: number | undefined;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** More numbers than this travel as a .npy file; fewer stand in the spec. */
const mostInPlace = 200;

/**
 * Takes a fixture the whole way that a user's file goes, its numbers in the spec or in .npy files beside it.
 *
 * @throws ConvcostError where the request is refused
 */
export async function runFixture(engine: Engine, fixture: FixtureRequest): Promise<FixtureRun> {
  const files = new Map<string, Uint8Array>();
  const values = (name: string, tensor: FixtureTensor) => {
    const numbers = tensorValues(tensor);
    if (numbers.length <= mostInPlace) return { shape: tensor.shape, values: numbers };
    files.set(`${name}.npy`, formatNpy(Float32Array.from(numbers), tensor.shape));
    return { file: `${name}.npy`, ...(name === 'x' && { shape: tensor.shape }) };
  };
  const text = JSON.stringify(fixtureSpec(fixture, values));
  const options = { name: fixture.id, source: fixture.id, format: 'spec' };
  const network = buildNetwork(parseSpecFile(text, fixture.id), options);

  const kernels: string[] = [];
  let multiplies: number | undefined = 0;
  let shape: readonly number[] = [];
  let output = new Float32Array();
  const readArray = async (path: string) => parseNpy(files.get(path)!, path);
  for await (const ready of executeSteps(network, engine, { fuse: false, data: network.data, readArray })) {
    await ready.run();
    kernels.push(ready.kernel);
    multiplies = sumOrUnknown(
      multiplies,
      ready.step.problem.kind === 'free' ? 0 : ready.prepared.multiplies?.(),
    );
    shape = ready.step.outputShape;
    output = Float32Array.from(ready.output);
  }
  const natural = layoutName('channels-last', shape.length);
  return {
    network,
    cost: countNetwork(network),
    kernels,
    multiplies,
    shape: Array.from(fixture.layout, letter => shape[natural.indexOf(letter)]!),
    values: permute(output, shape, natural, fixture.layout),
  };
}

const sumOrUnknown = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a + b;
