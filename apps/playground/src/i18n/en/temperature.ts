/** @file Texts of the temperature. */
export const temperature = {
  curve: 'One window, every temperature',
  curveLabel: 'Output of the window against the temperature, between the average and the maximum.',
  output: 'output',
  average: 'average',
  maximum: 'maximum',
  atBeta: (beta: string) => `At β = ${beta}`,
  weights: 'Weights',
  input: (value: string) => `input ${value}`,
  whole: 'The whole picture at this temperature',
  pooled: (picture: string, beta: string) => `${picture}, pooled with β = ${beta}`,
  learn: 'A learned temperature',
  learnLead:
    'SoftPool starts at β = 1 and learns, by gradient descent on β alone, to do what another pooling does. Watch the slider move.',
  target: 'It should learn',
  targets: { max: 'the maximum', avg: 'the average', sharp: 'SoftPool with β = 2' },
  start: 'Learn β',
  stop: 'Stop',
  betaLabel: 'β over the steps of its training.',
  learned: 'β',
  step: 'step',
  progress: (step: number, beta: string, loss: string) => `Step ${step}: β = ${beta}, loss ${loss}`,
};
