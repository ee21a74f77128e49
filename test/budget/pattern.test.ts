import { describe, expect, it } from 'vitest';
import { globRoot, matchesPath, matchesWord } from '../../src/budget/pattern.js';

describe('patterns for names', () => {
  it.each<[string, string, boolean]>([
    ['conv1', 'conv1', true],
    ['conv1', 'conv10', false],
    ['conv*', 'conv10', true],
    ['*.dw', 'block1.dw', true],
    ['*.dw', 'block1.dw.1', false],
    ['b*k*.dw', 'block1.block2.dw', true],
    ['conv?', 'conv1', true],
    ['conv?', 'conv', false],
    ['*', '', true],
    ['a.c', 'abc', false],
  ])('%s on %s: %s', (pattern, name, expected) => {
    expect(matchesWord(pattern, name)).toBe(expected);
  });

  it('a hostile pattern costs no more than its length times the name', () => {
    // As a regular expression with backtracking this would not end in a lifetime.
    expect(matchesWord(`${'*a'.repeat(50)}b`, 'a'.repeat(5000))).toBe(false);
  });
});

describe('globs', () => {
  it.each<[string, string, boolean]>([
    ['models/*.onnx', 'models/a.onnx', true],
    ['models/*.onnx', 'models/old/a.onnx', false],
    ['models/**/*.onnx', 'models/a.onnx', true],
    ['models/**/*.onnx', 'models/old/older/a.onnx', true],
    ['**/a.yaml', 'a.yaml', true],
    ['{a,b}/*.{yaml,json}', 'b/net.json', true],
    ['{a,b}/*.{yaml,json}', 'c/net.json', false],
    ['*', '.hidden', false],
    ['**/*.yaml', '.cache/a.yaml', false],
    ['.cache/*.yaml', '.cache/a.yaml', true],
    ['m/[x].onnx', 'm/[x].onnx', true],
  ])('%s on %s: %s', (glob, path, expected) => {
    expect(matchesPath(glob, path)).toBe(expected);
  });

  it('braces that would be thousands of globs match nothing', () => {
    expect(matchesPath('{a,b}'.repeat(20), 'a'.repeat(20))).toBe(false);
  });

  it.each([
    ['models/*.onnx', 'models/'],
    ['models/a*/b.onnx', 'models/'],
    ['*.onnx', ''],
    ['a/b/c.onnx', 'a/b/'],
  ])('%s stays in %s', (glob, root) => {
    expect(globRoot(glob)).toBe(root);
  });
});
