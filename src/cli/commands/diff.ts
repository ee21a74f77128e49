import { diffNetworks } from '../../budget/diff.js';
import { countNetwork, type NetworkCost } from '../../cost/count.js';
import { ConvcostError } from '../../errors.js';
import type { DiffSide } from '../../report/report.js';
import { type CommonOptions, type DefineCommand, emit, loadAll, reportCommand } from '../command.js';

export const diffCommand: DefineCommand = context =>
  reportCommand('diff', 'two networks, layer by layer: what was added, removed and changed').action(
    async (args: string[], options: CommonOptions) => {
      const costs = (await loadAll(args, context, options)).map(countNetwork);
      const [before, after] = costs;
      if (!before || !after || costs.length > 2)
        throw new ConvcostError('two-sources', { command: 'diff', count: costs.length });
      const diff = diffNetworks(before, after);
      await emit(
        { kind: 'diff', convention: 'convcost', before: sideOf(before), after: sideOf(after), diff },
        context,
        options,
      );
    },
  );

const sideOf = ({ network, coverage }: NetworkCost): DiffSide => ({
  name: network.name,
  coverage,
  notes: network.notes,
});
