/** @file “温度”页面的文字。 */
import type { Messages } from '../messages.js';

export const temperature: Messages['temperature'] = {
  curve: '同一个窗口，所有温度',
  curveLabel: '窗口的输出随温度变化的曲线，介于平均值与最大值之间。',
  output: '输出',
  average: '平均',
  maximum: '最大',
  atBeta: (beta) => `β = ${beta} 时`,
  weights: '权重',
  input: (value) => `输入 ${value}`,
  whole: '这个温度下的整张图片',
  pooled: (picture, beta) => `${picture}，以 β = ${beta} 池化`,
  learn: '学出来的温度',
  learnLead: 'SoftPool 从 β = 1 出发，只对 β 做梯度下降，学着做到另一种池化的效果。看滑块自己移动。',
  target: '学习目标',
  targets: { max: '最大值', avg: '平均值', sharp: 'β = 2 的 SoftPool' },
  start: '学习 β',
  stop: '停止',
  betaLabel: '训练过程中的 β。',
  learned: 'β',
  step: '步数',
  progress: (step, beta, loss) => `第 ${step} 步：β = ${beta}，损失 ${loss}`,
};
