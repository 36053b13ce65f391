/** @file “梯度”页面的文字。 */
import type { Messages } from '../messages.js';

export const gradient: Messages['gradient'] = {
  flows: { max: '最大', avg: '平均', soft: '软（精确）', detached: '软（论文的做法）' },
  input: '输入',
  inputLabel: '输入：8 × 8 个激活值。点击窗口或用方向键选择一个输出。',
  pickHint: '点击一个窗口，或用方向键，选择显示哪个输出的梯度。',
  output: (row, column) => `第 ${row} 行第 ${column} 列的输出`,
  allOutputs: '所有输出之和',
  whichOutputs: '谁的梯度',
  oneOutput: '一个输出',
  everyOutput: '所有输出',
  windows: '窗口',
  touching: '2 × 2，首尾相接',
  overlapping: '3 × 3，互相重叠',
  mapLabel: (flow) => `输出对各个输入的梯度：${flow}`,
  reached: '到达的输入',
  negative: '其中为负',
  largest: '最大值',
  total: '合计',
  fall: '损失下降的路线不同',
  fallLead: '各种池化都从这些输入出发，用梯度下降修改输入，直到输出变成镜像图片的输出。',
  rate: '步子大小',
  lossLabel: '下降过程中每一步的损失。',
  loss: '损失',
  step: '步数',
};
