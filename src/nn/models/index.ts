/**
 * @file The models: `nn.models.resnet20({ pool: 'soft', numClasses: 10 })`.
 */
export { BasicBlock, ResNet, type ResNetOptions, resnet8, resnet20, resnet32 } from './resnet.js';
export { SmallCnn, type SmallCnnOptions, smallCnn } from './smallCnn.js';
