import { describe, expect, it } from 'vitest';
import { ConvcostError } from '../../src/errors.js';
import { zooNetwork } from '../../src/zoo/zoo-name.js';

function errorOf(work: () => unknown): ConvcostError {
  try {
    work();
  } catch (error) {
    if (error instanceof ConvcostError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** The part of the name under which the caret stands. */
function marked({ place }: ConvcostError): string | undefined {
  return place?.kind === 'tokens' ? place.text.slice(place.start, place.end) : undefined;
}

describe('a wrong name says what is wrong, where, and what may be meant', () => {
  it.each([
    // source, code, marked, suggestion
    ['zoo:mobilnet-v1', 'unknown-zoo-network', 'mobilnet-v1', 'mobilenet-v1'],
    ['zoo:vgg16', 'unknown-zoo-network', 'vgg16', 'vgg-16'],
    ['zoo:MobileNet_V2', 'unknown-zoo-network', 'MobileNet_V2', 'mobilenet-v2'],
    ['zoo:', 'unknown-zoo-network', '', undefined],
    ['zoo:mobilenet-v1,widht=0.5', 'unknown-zoo-parameter', 'widht=0.5', 'width'],
    ['zoo:vgg-16,width=0.5', 'unknown-zoo-parameter', 'width=0.5', undefined],
    ['zoo:mobilenet-v1,', 'unknown-zoo-parameter', '', undefined],
    ['zoo:mobilenet-v1,width=0', 'bad-zoo-value', 'width=0', undefined],
    ['zoo:mobilenet-v1,width=-1', 'bad-zoo-value', 'width=-1', undefined],
    ['zoo:mobilenet-v1,width=1e3', 'bad-zoo-value', 'width=1e3', undefined],
    ['zoo:mobilenet-v1,width', 'bad-zoo-value', 'width', undefined],
    ['zoo:mobilenet-v1,resolution=1.5', 'bad-zoo-value', 'resolution=1.5', undefined],
    ['zoo:mobilenet-v1,width=1,resolution=0', 'bad-zoo-value', 'resolution=0', undefined],
    ['zoo:mobilenet-v1,width=1,width=1', 'zoo-parameter-twice', 'width=1', undefined],
  ])('%s', (source, code, mark, suggestion) => {
    const error = errorOf(() => zooNetwork(source));
    expect(error.code).toBe(code);
    expect(marked(error)).toBe(mark);
    if (suggestion) expect(error.message).toContain(`Did you mean '${suggestion}'?`);
    else expect(error.message).not.toContain('Did you mean');
  });
});

it('a resolution too small for the network names the layer', () => {
  const error = errorOf(() => zooNetwork('zoo:inception-v3,resolution=20'));
  expect(error).toMatchObject({ code: 'empty-output', layer: 'maxpool2' });
});

describe('the command line may say the input', () => {
  it.each([
    // --input, the shape that flows in
    [
      [1, 96, 64, 3],
      [1, 96, 64, 3],
    ],
    [
      [1, 3, 96, 64],
      [1, 96, 64, 3],
    ],
    [
      [3, 96, 64],
      [1, 96, 64, 3],
    ],
    [
      [96, 64, 3],
      [1, 96, 64, 3],
    ],
    [
      [96, 64],
      [1, 96, 64, 3],
    ],
  ])('as %j', (shape, flowing) => {
    expect(zooNetwork('zoo:vgg-16', { shape }).inputs[0]?.shape).toEqual(flowing);
  });

  it('and the batch', () => {
    expect(zooNetwork('zoo:vgg-16', { batch: 8 }).inputs[0]?.shape).toEqual([8, 224, 224, 3]);
  });

  it('but not other channels than those of an image', () => {
    expect(errorOf(() => zooNetwork('zoo:vgg-16', { shape: [1, 96, 64, 4] }))).toMatchObject({
      code: 'channels-disagree',
      details: { expected: 3, actual: 4 },
    });
  });
});
