import { describe, expect, it } from 'vitest';
import { convcost } from '../fake-host.js';

const net = 'input: 8x8x4\nlayers: [conv3x3 8, dw3x3, pw 4]\n';

describe('init', () => {
  it('writes a config of what it finds, which passes today', async () => {
    const files = {
      'm/net.yaml': net,
      'm/odd name.yml': net,
      'm/other.json': '{"layers": [1]}',
      'tsconfig.json': '{}',
    };
    const { code, written, stdout } = await convcost(['init'], { files });
    const config = String(written.get('convcost.config.yaml'));
    expect(code).toBe(0);
    expect(stdout).toContain('wrote convcost.config.yaml: 2 models');
    expect(config).toMatch(
      /^# yaml-language-server: \$schema=\.\/node_modules\/convcost\/dist\/config\.schema\.json\n/,
    );
    expect(config).toContain('- model: m/net.yaml   # today: 25,088 macs, 392 params');
    expect(config).toContain('macs: 26.35k');
    const checked = await convcost(['check'], { files: { ...files, 'convcost.config.yaml': config } });
    expect([checked.code, checked.stdout]).toEqual([0, expect.stringContaining('2 models within budget')]);
  });

  it('takes sources, with the input that they were given', async () => {
    const files = { a: '' };
    const args = ['init', 'zoo:mobilenet-v1', '@4x4x2 conv3x3 8', '--output', 'c.yaml'];
    const config = String((await convcost(args, { files })).written.get('c.yaml'));
    expect(config).toContain('568,740,352 macs');
    const checked = await convcost(['check', '--config', 'c.yaml'], { files: { 'c.yaml': config } });
    expect([checked.code, checked.stdout]).toEqual([0, expect.stringContaining('2 models within budget')]);
  });

  it('never writes over a config, unless forced', async () => {
    const files = { 'convcost.config.yaml': 'mine', 'net.yaml': net };
    const refused = await convcost(['init'], { files });
    expect([refused.code, refused.written.size]).toEqual([2, 0]);
    expect((await convcost(['init', '--force'], { files })).written.has('convcost.config.yaml')).toBe(true);
  });

  it('says what to do where there is nothing to limit', async () => {
    const { code, stderr } = await convcost(['init'], { files: { 'a.txt': '' } });
    expect([code, stderr]).toEqual([2, expect.stringContaining('convcost init model.onnx')]);
  });

  it('a model that cannot be read stays in the file, as a remark on one line', async () => {
    const { written } = await convcost(['init'], {
      files: { 'net.yaml': net, 'broken.onnx': 'not\na model' },
    });
    expect(String(written.get('convcost.config.yaml'))).toMatch(/^ {2}# broken\.onnx cannot be read: .+$/m);
  });
});
