import { describe, expect, it } from 'vitest';
import { countNetwork } from '../../../src/cost/count.js';
import { errorOf, networkOf } from './helpers.js';

const at32 = { from: 'keras', shape: [32, 32, 3] } as const;
const macsOf = (text: string) => countNetwork(networkOf(text, at32)).totals.macs;

describe('one call', () => {
  it.each([
    // call, macs at 32x32x3
    ['Conv2D(8, 3)', 30 * 30 * 27 * 8],
    ['Conv2D(32, 3, strides=2, padding="same")', 16 * 16 * 27 * 32],
    ["layers.Conv2D(filters=8, kernel_size=(1, 5), padding='same', dilation_rate=(1, 2))", 32 * 32 * 15 * 8],
    ['tf.keras.layers.DepthwiseConv2D(3, padding="SAME", depth_multiplier=2)', 32 * 32 * 9 * 6],
    ['SeparableConv2D(16, 3, padding="same")', 32 * 32 * (27 + 48)],
    ['Conv2DTranspose(8, 2, strides=2, padding="same")', 32 * 32 * 3 * 8 * 4],
    ['Conv2D(6, 1, groups=3, use_bias=False)', 32 * 32 * 6],
    ['Dense(10)', 32 * 32 * 3 * 10],
    ['x = layers.Conv2D(8, 1, kernel_initializer="he_normal")(x)', 32 * 32 * 24],
  ])('%s', (text, macs) => {
    expect(macsOf(text)).toBe(macs);
  });

  it('has a bias unless it says otherwise', () => {
    const params = (text: string) => countNetwork(networkOf(text, at32)).totals.params;
    expect(params('Conv2D(8, 3)')).toBe(27 * 8 + 8);
    expect(params('Conv2D(8, 3, use_bias=False)')).toBe(27 * 8);
    expect(params('SeparableConv2D(16, 3)')).toBe(27 + 48 + 16);
    expect(params('BatchNormalization()')).toBe(6);
  });
});

/** One network in the three ways in which Keras networks are written. */
const writings = {
  sequential: `
    from tensorflow.keras import layers
    model = keras.Sequential([
        keras.Input(shape=(28, 28, 1)),
        layers.Conv2D(8, 3, activation="relu"),  # 26x26
        layers.MaxPooling2D(),
        layers.ZeroPadding2D(((0, 1), (0, 1))),
        layers.Conv2D(16, (3, 3), strides=(2, 2), activation=tf.nn.relu6),
        layers.Flatten(),
        layers.Dropout(0.5),
        layers.Dense(10, activation="softmax"),
    ])`,
  added: `
    model = Sequential()
    model.add(Conv2D(8, 3, activation='relu', input_shape=(28, 28, 1)))
    model.add(MaxPooling2D((2, 2)))
    model.add(ZeroPadding2D(padding=((0, 1), (0, 1))))
    model.add(Conv2D(16, 3, strides=2, activation='relu6'))
    model.add(Flatten())
    model.add(Dropout(rate=0.5))
    model.add(Dense(10, activation='softmax'))`,
  functional: `
    inputs = Input((28, 28, 1))
    x = Conv2D(8, 3, activation='relu')(inputs)
    x = MaxPool2D(2)(x)
    x = ZeroPadding2D(((0, 1), (0, 1)))(x)
    x = Conv2D(16, 3, 2, activation='relu6')(x)
    x = Flatten()(x)
    x = Dropout(0.5)(x)
    outputs = Dense(units=10, activation='softmax')(x)
    model = Model(inputs, outputs)`,
};

it.each(Object.entries(writings))('a network, %s', (_, text) => {
  const { totals, network } = countNetwork(networkOf(text, {}));
  expect(totals.macs).toBe(26 * 26 * 9 * 8 + 6 * 6 * 72 * 16 + 576 * 10);
  expect(network.layers.map(({ op }) => op)).toEqual([
    'conv',
    'maxpool',
    'conv',
    'flatten',
    'dropout',
    'fc',
    'softmax',
  ]);
});

it('Dense on feature maps acts on each position, as Keras has it', () => {
  const { totals, network } = countNetwork(networkOf('Conv2D(8, 1)\nDense(4)', at32));
  expect(totals.macs).toBe(32 * 32 * (24 + 32));
  expect(network.notes[1]).toContain('acts on each position');
});

it.each([
  // text, code, line, column, in the message
  ['Conv2D(8, 3, stride=2)', 'unknown-argument', 1, 14, "Did you mean 'strides'?"],
  ['Conv2D(8)', 'argument-missing', 1, 1, 'kernel_size'],
  ['Conv2D(8, 3, padding="half")', 'bad-argument', 1, 14, "'valid' or 'same'"],
  ['Conv2D(8, 3, data_format="channels_first")', 'bad-argument', 1, 14, 'channels_last'],
  ['Conv2D(8, 3, activation="rellu")', 'unknown-activation', 1, 14, "Did you mean 'relu'?"],
  ['Conv2D(8, 3)\nConv2d(8, 3)', 'unknown-module', 2, 1, "Did you mean 'Conv2D'?"],
  ['Conv2D(8, 3)\nAdd()', 'unknown-module', 2, 1, '"Add"'],
  ['x = add([x, y])', 'unknown-module', 1, 5, '"add"'],
  ['ZeroPadding2D(1)\nFlatten()', 'padding-without-window', 2, 1, 'after it'],
])('%j', (text, code, line, column, words) => {
  const error = errorOf(() => networkOf(text, at32));
  expect(error).toMatchObject({ code, place: { kind: 'file', line, column } });
  expect(error.message).toContain(words);
});

it('loosely, an unknown layer makes a lower bound', () => {
  const { coverage, totals } = countNetwork(
    networkOf('Conv2D(8, 1)\nResizing()\nConv2D(4, 1)', { ...at32, loose: true }),
  );
  expect(coverage).toMatchObject({ kind: 'lower-bound', unknown: [{ op: 'Resizing', count: 1 }] });
  expect(totals.macs).toBe(32 * 32 * (24 + 32));
});
