/** What a model prints: a leaf's arguments, or children by name. */
export type Printed = string | Readonly<Record<string, PrintedModule>>;
export type PrintedModule = readonly [type: string, content: Printed];

/** Prints a module as PyTorch does: children indented by two, one a line. */
export function printModule([type, content]: PrintedModule): string {
  if (typeof content === 'string') return `${type}(${content})`;
  const lines = Object.entries(content).map(([name, child]) => `(${name}): ${printModule(child)}`);
  return `${type}(\n${indent(lines.join('\n'))}\n)`;
}

const indent = (text: string): string =>
  text
    .split('\n')
    .map(line => `  ${line}`)
    .join('\n');

export const sequential = (...modules: readonly PrintedModule[]): PrintedModule => [
  'Sequential',
  Object.fromEntries(modules.entries()),
];

interface ConvPrint {
  readonly kernel?: number;
  readonly stride?: number;
  readonly groups?: number;
  readonly bias?: boolean;
  readonly padding?: number;
}

/** A convolution, printed with what differs from the defaults, padding half of the kernel. */
export function conv2d(input: number, output: number, print: ConvPrint = {}): PrintedModule {
  const { kernel = 1, stride = 1, groups = 1, bias = false, padding = (kernel - 1) / 2 } = print;
  const pair = (size: number) => `(${size}, ${size})`;
  return [
    'Conv2d',
    [
      input,
      output,
      `kernel_size=${pair(kernel)}`,
      `stride=${pair(stride)}`,
      ...(padding > 0 ? [`padding=${pair(padding)}`] : []),
      ...(groups > 1 ? [`groups=${groups}`] : []),
      ...(bias ? [] : ['bias=False']),
    ].join(', '),
  ];
}

export const batchNorm = (channels: number): PrintedModule => [
  'BatchNorm2d',
  `${channels}, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True`,
];

export const relu = (type = 'ReLU'): PrintedModule => [type, 'inplace=True'];

export const linear = (input: number, output: number): PrintedModule => [
  'Linear',
  `in_features=${input}, out_features=${output}, bias=True`,
];

const convNorm = (input: number, output: number, print: ConvPrint = {}): PrintedModule => [
  'Conv2dNormActivation',
  { 0: conv2d(input, output, print), 1: batchNorm(output), 2: relu('ReLU6') },
];

/** `print(torchvision.models.mobilenet_v2())`, from the rows t, c, n, s of the paper. */
export function printMobilenetV2(): string {
  const rows = [
    [1, 16, 1, 1],
    [6, 24, 2, 2],
    [6, 32, 3, 2],
    [6, 64, 4, 2],
    [6, 96, 3, 1],
    [6, 160, 3, 2],
    [6, 320, 1, 1],
  ] as const;
  const features: PrintedModule[] = [convNorm(3, 32, { kernel: 3, stride: 2 })];
  let input = 32;
  for (const [t, c, n, s] of rows) {
    for (let turn = 0; turn < n; turn++) {
      const hidden = input * t;
      const depthwise = { kernel: 3, stride: turn === 0 ? s : 1, groups: hidden };
      const modules = [
        ...(t === 1 ? [] : [convNorm(input, hidden)]),
        convNorm(hidden, hidden, depthwise),
        conv2d(hidden, c),
        batchNorm(c),
      ];
      features.push(['InvertedResidual', { conv: sequential(...modules) }]);
      input = c;
    }
  }
  features.push(convNorm(320, 1280));
  return printModule([
    'MobileNetV2',
    {
      features: sequential(...features),
      classifier: sequential(['Dropout', 'p=0.2, inplace=False'], linear(1280, 1000)),
    },
  ]);
}

/** `print(torchvision.models.resnet50())`: bottlenecks, the first of a stage with a `downsample`. */
export function printResnet50(): string {
  const bottleneck = (input: number, width: number, stride: number, downsamples: boolean): PrintedModule => [
    'Bottleneck',
    {
      conv1: conv2d(input, width),
      bn1: batchNorm(width),
      conv2: conv2d(width, width, { kernel: 3, stride }),
      bn2: batchNorm(width),
      conv3: conv2d(width, 4 * width),
      bn3: batchNorm(4 * width),
      relu: relu(),
      ...(downsamples && {
        downsample: sequential(conv2d(input, 4 * width, { stride }), batchNorm(4 * width)),
      }),
    },
  ];
  const stage = (input: number, width: number, repeat: number, stride: number) =>
    sequential(
      bottleneck(input, width, stride, true),
      ...Array.from({ length: repeat - 1 }, () => bottleneck(4 * width, width, 1, false)),
    );
  return printModule([
    'ResNet',
    {
      conv1: conv2d(3, 64, { kernel: 7, stride: 2 }),
      bn1: batchNorm(64),
      relu: relu(),
      maxpool: ['MaxPool2d', 'kernel_size=3, stride=2, padding=1, dilation=1, ceil_mode=False'],
      layer1: stage(64, 64, 3, 1),
      layer2: stage(256, 128, 4, 2),
      layer3: stage(512, 256, 6, 2),
      layer4: stage(1024, 512, 3, 2),
      avgpool: ['AdaptiveAvgPool2d', 'output_size=(1, 1)'],
      fc: linear(2048, 1000),
    },
  ]);
}

/** `print(torchvision.models.squeezenet1_1())`: fire modules, whose two expansions are concatenated. */
export function printSqueezenet11(): string {
  const fire = (input: number, squeezed: number, expanded: number): PrintedModule => [
    'Fire',
    {
      squeeze: conv2d(input, squeezed, { bias: true }),
      squeeze_activation: relu(),
      expand1x1: conv2d(squeezed, expanded, { bias: true }),
      expand1x1_activation: relu(),
      expand3x3: conv2d(squeezed, expanded, { kernel: 3, bias: true }),
      expand3x3_activation: relu(),
    },
  ];
  const pool: PrintedModule = ['MaxPool2d', 'kernel_size=3, stride=2, padding=0, dilation=1, ceil_mode=True'];
  return printModule([
    'SqueezeNet',
    {
      features: sequential(
        conv2d(3, 64, { kernel: 3, stride: 2, padding: 0, bias: true }),
        relu(),
        pool,
        fire(64, 16, 64),
        fire(128, 16, 64),
        pool,
        fire(128, 32, 128),
        fire(256, 32, 128),
        pool,
        fire(256, 48, 192),
        fire(384, 48, 192),
        fire(384, 64, 256),
        fire(512, 64, 256),
      ),
      classifier: sequential(['Dropout', 'p=0.5, inplace=False'], conv2d(512, 1000, { bias: true }), relu(), [
        'AdaptiveAvgPool2d',
        'output_size=(1, 1)',
      ]),
    },
  ]);
}
