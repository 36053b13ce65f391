/** @file “自动求导”页面的文字。 */
import type { Messages } from '../messages.js';

export const autograd: Messages['autograd'] = {
  expression: '表达式',
  expressions: {
    square: '平方',
    neuron: '一个神经元和它的损失',
    softmax: '两个格子的 SoftPool',
    shared: '用了两次的值',
  },
  leaf: (name) => `${name} 的值`,
  step: '步骤',
  stepText: (step, last) => `${step} / ${last}`,
  next: '下一步',
  previous: '上一步',
  toStart: '回到开头',
  toEnd: '跳到结尾',
  graph: (formula) => `${formula} 的计算图`,
  value: '值',
  gradient: '梯度',
  start: '只有叶子节点有值，第一个运算可以开始了。',
  forward: (name, inputs, value) => `前向：对 ${inputs} 做 ${name}，得到 ${value}。`,
  seed: '输出对自己的梯度是 1，梯度从这里开始往回流。',
  backward: (name, parts) => `反向经过 ${name}：${parts}。`,
  part: (input, arrived, local, sent) => `${input} 得到 ${arrived} · ${local} = ${sent}`,
};
