/**
 * @file A pooled 3D ResNet for clips: Hara, Kataoka and Satoh, "Can spatiotemporal 3D CNNs retrace the history of 2D CNNs and
 * ImageNet?" (CVPR 2018), at the size and with the pools of the CIFAR ResNets.
 */
import { ResNet, type ResNetOptions } from './resnet.js';

export interface ResNet3dOptions extends Omit<ResNetOptions, 'rank'> {}

/**
 * A ResNet of 8 layers over time, height and width, `[N, inChannels, T, H, W]` → logits `[N, numClasses]`, for one channel and
 * with widths 8, 16, 32 unless told otherwise: 56,818 parameters for 10 classes. Its pools halve all three axes.
 */
export function resnet3d(options: ResNet3dOptions = {}): ResNet {
  const { inChannels = 1, widths = [8, 16, 32] } = options;
  return new ResNet(1, { ...options, inChannels, widths, rank: 3 });
}
