/** @file Texts of the window by hand. */
export const window = {
  size: 'Window',
  pooling: 'Pooling',
  pick: 'The picture. Pick a window by pointing, or with the arrow keys.',
  pickHint:
    'Move over the picture to look, click to stay; arrow keys move the window by one pixel. Brightness counts as an activation from −2 (black) to 4 (white).',
  byHand: 'Values set by hand.',
  backToPicture: 'Back to the picture’s',
  caption: 'The inputs of the window, their weights, products and gradients',
  cell: 'Cell',
  input: 'Input',
  weight: 'Weight',
  product: 'Product',
  gradient: 'Gradient',
  sum: 'Sum',
  inputOf: (cell: number) => `Input of cell ${cell}`,
  select: (cell: number) => `Explain cell ${cell}`,
  output: 'Output',
  outputTitle: 'The output',
  weightTitle: (cell: number) => `The weight of cell ${cell}`,
  gradientTitle: (cell: number) => `The gradient of cell ${cell}`,
  isLargest: 'it is the (first) largest input',
  isNotLargest: 'it is not the largest input',
  constantWeights: 'the weights are held constant',
  bookkeeping:
    'Where SoftPool’s gradient comes from: an input acts by its value, and by the weight that its value earns.',
};
