/** @file Texts of the shift test. */
export const shift = {
  moved: 'Moved by',
  pixels: (count: number) => (count === 1 ? '1 pixel' : `${count} pixels`),
  input: 'The picture',
  inputLabel: 'The part of the picture in view. Pick the output cell to watch by pointing, or with the arrow keys.',
  chart: 'One output cell while the picture moves',
  chartLabel: 'The watched output cell of each pooling, against the shift in pixels.',
  output: 'output',
  axis: 'shift in pixels',
  pooled: (name: string) => `${name}, pooled; the frame shows the watched cell`,
  jump: 'Largest jump of the cell',
  meanJump: 'Of all cells, on average',
  table: 'How far outputs jump when the picture moves by one pixel',
  pooling: 'Pooling',
  forward: 'One pixel on',
  back: 'One pixel back',
  hint: 'A shift by a whole stride moves every output by exactly one cell. What happens before that is what differs.',
};
