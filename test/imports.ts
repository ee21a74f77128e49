export interface Import {
  readonly specifier: string;
  readonly isType: boolean;
  readonly isLazy: boolean;
}

/** The import and export-from statements of a module's text, and its `import()` calls. */
export function importsOf(text: string): readonly Import[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const statements = code.matchAll(/^(?:import|export)\s+(type\s+)?(?:[\w*{}\s,$]+?\sfrom\s+)?'([^']+)'/gm);
  const calls = code.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g);
  return [
    ...Array.from(statements, ([, type, specifier]) => ({
      specifier: specifier!,
      isType: type !== undefined,
      isLazy: false,
    })),
    ...Array.from(calls, ([, specifier]) => ({ specifier: specifier!, isType: false, isLazy: true })),
  ];
}
