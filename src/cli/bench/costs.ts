import { countNetwork, type NetworkCost } from '../../cost/count.js';
import type { NodeTimes } from '../../engines/onnxruntime/profile.js';
import type { Network } from '../../model/network.js';
import type { BenchReport, ModelProfile, ProfiledNode, TimedPart } from '../../report/report.js';
import type { BenchTimes, Variant } from '../../timing/bench.js';
import { layersOfNodes } from '../../timing/node-layers.js';
import type { Unit } from '../../timing/units.js';
import type { WholeForm } from './whole-model.js';

/** Times beside what was computed in them. */
export function withCosts(
  { whole, rivals, units }: BenchTimes,
  variants: readonly Variant[],
  wholes: readonly WholeForm[],
  profiles: readonly ModelProfile[],
): Pick<BenchReport, 'whole' | 'units'> {
  const networks = [...variants, ...wholes].map(({ network }) => network);
  const costs = new Map(networks.map(network => [network, countNetwork(network)]));
  const macsOf = (network: Network) => costs.get(network)!.totals.macs;
  return {
    whole: [
      ...whole.map(({ variant: { name, network }, samples: { times } }) => ({
        name,
        macs: macsOf(network),
        times,
      })),
      ...rivals.map(({ name, times }, index) => ({ name, macs: macsOf(wholes[index]!.network), times })),
    ],
    units: units.map(({ times }) => ({
      name: times[0]!.unit.name,
      variants: [
        ...times.map(({ variant, unit, samples }) =>
          partOf(variant, unit, samples.times, costs.get(variant.network)!),
        ),
        ...profiles.flatMap((profile, index) => {
          const same = times.find(({ variant }) => variant.network === wholes[index]!.network);
          return same ? [profiledPart(profile, same.unit)] : [];
        }),
      ],
    })),
  };
}

function partOf(
  { name }: Variant,
  { layers, steps }: Unit,
  times: readonly number[],
  { layers: costs }: NetworkCost,
): TimedPart {
  const own = costs.filter(({ layer }) => layers.includes(layer));
  return {
    name,
    macs: own.reduce((sum, { macs }) => sum + macs, 0),
    bytes: own.filter(({ layer }) => layer.kind !== 'free').reduce((sum, cost) => sum + cost.trafficBytes, 0),
    kernels: steps.map(({ kernel }) => kernel),
    times,
  };
}

/** Times of nodes beside the multiplies of the layers that they compute. */
export function joinProfile(
  name: string,
  nodes: readonly NodeTimes[],
  { network, layers }: NetworkCost,
): ModelProfile {
  const layerOf = layersOfNodes(nodes, network);
  const costOf = new Map(layers.map(cost => [cost.layer, cost]));
  const found = new Set(layerOf.values());
  return {
    name,
    nodes: nodes.map((node): ProfiledNode => {
      const layer = layerOf.get(node);
      const cost = layer && costOf.get(layer);
      return {
        ...node,
        layer: layer?.name,
        macs: cost?.macs ?? 0,
        bytes: cost?.trafficBytes ?? 0,
        kernels: [node.op],
      };
    }),
    missed: layers.filter(({ layer, macs }) => macs > 0 && !found.has(layer)).map(({ layer }) => layer.name),
  };
}

/** What a profile says of a unit: its nodes together, run by run. */
function profiledPart({ name, nodes }: ModelProfile, { layers }: Pick<Unit, 'layers'>): TimedPart {
  const names = new Set(layers.map(({ name }) => name));
  const own = nodes.filter(({ layer }) => layer !== undefined && names.has(layer));
  const sumOf = (of: (node: ProfiledNode) => number) => own.reduce((sum, node) => sum + of(node), 0);
  return {
    name,
    macs: sumOf(({ macs }) => macs),
    bytes: sumOf(({ bytes }) => bytes),
    kernels: own.map(({ op }) => op),
    times: (own[0]?.times ?? []).map((_, run) => sumOf(({ times }) => times[run] ?? 0)),
  };
}
