import { alexnet } from './alexnet.js';
import { efficientnetB0 } from './efficientnet.js';
import { googlenet } from './googlenet.js';
import { inceptionV3 } from './inception-v3.js';
import { mobilenetV1, mobilenetV1Shallow, mobilenetV1Standard } from './mobilenet-v1.js';
import { mobilenetV2 } from './mobilenet-v2.js';
import { mobilenetV3Large, mobilenetV3Small } from './mobilenet-v3.js';
import { resnet18, resnet50 } from './resnet.js';
import { shufflenetV2 } from './shufflenet-v2.js';
import { squeezenet10, squeezenet11 } from './squeezenet.js';
import { vgg16 } from './vgg.js';
import type { ZooNetwork } from './zoo-network.js';

/** Every network of the zoo. To add one, write its file and add its line here. */
export const zooNetworks: readonly ZooNetwork[] = [
  mobilenetV1,
  mobilenetV1Standard,
  mobilenetV1Shallow,
  mobilenetV2,
  mobilenetV3Small,
  mobilenetV3Large,
  efficientnetB0,
  shufflenetV2,
  squeezenet10,
  squeezenet11,
  alexnet,
  vgg16,
  googlenet,
  inceptionV3,
  resnet18,
  resnet50,
];
