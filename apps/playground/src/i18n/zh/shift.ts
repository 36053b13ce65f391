/** @file “平移”页面的文字。 */
import type { Messages } from '../messages.js';

export const shift: Messages['shift'] = {
  moved: '已移动',
  pixels: (count) => `${count} 像素`,
  input: '图片',
  inputLabel: '图片中看得到的部分。点击或用方向键选择要观察的输出格。',
  chart: '图片移动时的一个输出格',
  chartLabel: '各种池化中被观察的输出格随平移像素数的变化。',
  output: '输出',
  axis: '平移的像素数',
  pooled: (name) => `${name}池化的结果，方框是被观察的格子`,
  jump: '该格的最大跳变',
  meanJump: '所有格子的平均',
  table: '图片移动一个像素时，输出跳变多大',
  pooling: '池化',
  forward: '前进一个像素',
  back: '后退一个像素',
  hint: '移动一整个步长，所有输出恰好移动一格；不同之处在于移动到那里之前发生了什么。',
};
