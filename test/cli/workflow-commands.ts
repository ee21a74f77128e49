/** A command that GitHub's runner would take from a log. */
export interface WorkflowCommand {
  readonly command: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** Reads a log as the runner does (actions/runner, ActionCommand.cs): `::name k=v,k=v::data`, and `##[name]`. */
export function workflowCommands(log: string): readonly WorkflowCommand[] {
  return log.split(/\r\n|\n|\r/).flatMap(line => {
    const old = /##\[([^\]]*)\](.*)/.exec(line);
    if (old) return [{ command: `##[${old[1]}]`, properties: {}, data: old[2]! }];
    const found = /^::(.+?)::(.*)$/.exec(line.trimStart());
    if (!found) return [];
    const [, command = '', list = ''] = /^(\S+)\s*(.*)$/.exec(found[1]!) ?? [];
    const properties = Object.fromEntries(
      list
        .split(',')
        .filter(Boolean)
        .map(pair => {
          const at = pair.indexOf('=');
          return [
            pair.slice(0, at),
            decode(pair.slice(at + 1))
              .replaceAll('%3A', ':')
              .replaceAll('%2C', ','),
          ];
        }),
    );
    return [{ command, properties, data: decode(found[2]!) }];
  });
}

const decode = (text: string): string =>
  text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
