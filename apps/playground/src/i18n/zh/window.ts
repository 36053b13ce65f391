/** @file “一个窗口”页面的文字。 */
import type { Messages } from '../messages.js';

export const window: Messages['window'] = {
  size: '窗口',
  pooling: '池化',
  pick: '图片。点击或用方向键选择一个窗口。',
  pickHint: '鼠标移到图片上即可查看，点击固定；方向键每次移动一个像素。亮度换算成激活值：黑为 −2，白为 4。',
  byHand: '数值已手动修改。',
  backToPicture: '恢复图片中的数值',
  caption: '窗口的输入、权重、乘积和梯度',
  cell: '格子',
  input: '输入',
  weight: '权重',
  product: '乘积',
  gradient: '梯度',
  sum: '合计',
  inputOf: (cell) => `第 ${cell} 格的输入`,
  select: (cell) => `解释第 ${cell} 格`,
  output: '输出',
  outputTitle: '输出',
  weightTitle: (cell) => `第 ${cell} 格的权重`,
  gradientTitle: (cell) => `第 ${cell} 格的梯度`,
  isLargest: '它是（第一个）最大的输入',
  isNotLargest: '它不是最大的输入',
  constantWeights: '权重视为常数',
  bookkeeping: 'SoftPool 的梯度由两部分组成：输入的值本身，以及这个值为自己挣得的权重。',
};
