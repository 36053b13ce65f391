/**
 * @file The models: `nn.models.resnet20({ pool: 'soft', numClasses: 10 })`.
 */
export { DenseLayer, DenseNet, type DenseNetOptions, densenet, Transition } from './densenet.js';
export {
  ConvNormRelu,
  Inception,
  InceptionBlock,
  type InceptionOptions,
  type InceptionWidths,
  inception,
} from './inception.js';
export { LayerFactory } from './layerFactory.js';
export type { ModelOptions } from './modelOptions.js';
export {
  type CreateModelOptions,
  createModel,
  type ModelEntry,
  type ModelName,
  modelNames,
  modelRegistry,
} from './modelRegistry.js';
export { BasicBlock, ResNet, type ResNetOptions, resnet8, resnet20, resnet32 } from './resnet.js';
export { type ResNet3dOptions, resnet3d } from './resnet3d.js';
export { Bottleneck, type BottleneckWidths, ResNeXt, type ResNeXtOptions, resnext } from './resnext.js';
export { SmallCnn, type SmallCnnOptions, smallCnn } from './smallCnn.js';
export { Vgg, type VggOptions, vgg } from './vgg.js';
export { WaveformCnn, type WaveformCnnOptions, waveformCnn } from './waveformCnn.js';
export { WideBlock, WideResNet, type WideResNetOptions, wideResnet } from './wideResnet.js';
