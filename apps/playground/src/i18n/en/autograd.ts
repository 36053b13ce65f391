/** @file Texts of the graph. */
export const autograd = {
  expression: 'Expression',
  expressions: {
    square: 'A square',
    neuron: 'A neuron and its loss',
    softmax: 'SoftPool of two cells',
    shared: 'A value used twice',
  },
  leaf: (name: string) => `Value of ${name}`,
  step: 'Step',
  stepText: (step: number, last: number) => `${step} of ${last}`,
  next: 'Next step',
  previous: 'Step back',
  toStart: 'To the start',
  toEnd: 'To the end',
  graph: (formula: string) => `The graph of ${formula}`,
  value: 'value',
  gradient: 'gradient',
  start: 'Only the leaves have values. The first operation can run.',
  forward: (name: string, inputs: string, value: string) => `Forwards: ${name} of ${inputs} is ${value}.`,
  seed: 'The output’s gradient with respect to itself is 1. From here the gradients flow back.',
  backward: (name: string, parts: string) => `Backwards through ${name}: ${parts}.`,
  part: (input: string, arrived: string, local: string, sent: string) =>
    `${input} receives ${arrived} · ${local} = ${sent}`,
};
