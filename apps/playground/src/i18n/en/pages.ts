/** @file Name, title, lead and remarks of every view. */
interface PageTexts {
  /** In the navigation. */
  readonly name: string;
  readonly title: string;
  readonly lead: string;
  readonly notice: readonly string[];
}

const page = (texts: PageTexts): PageTexts => texts;

export const pages = {
  look: page({
    name: 'Look',
    title: 'One picture, pooled in several ways',
    lead: 'Pooling makes a picture smaller by turning each window of pixels into one. Which one decides what survives: the brightest, the mean, or a mean that leans towards the bright.',
    notice: [
      'Max pooling lets bright things grow and dark things vanish: look at the windows of the town, and at the strokes of the print.',
      'Average pooling keeps the overall brightness and loses single bright pixels: look at the stars.',
      'SoftPool lies between the two, everywhere, for every pixel. With β = 0 it is the average, with β = ∞ the maximum.',
    ],
  }),
  window: page({
    name: 'One window',
    title: 'One window, by hand',
    lead: 'Pick a window anywhere in the picture. These are its numbers, the weights they get, and the one number that is left. Drag any input and watch.',
    notice: [
      'The weights of SoftPool add up to 1, and a larger input always gets a larger weight.',
      'The gradients add up to 1 as well, with either rule. So no sum can tell the two rules apart.',
      'With the exact rule an input far below the output has a negative gradient: raising it takes weight from the others.',
    ],
  }),
  gradient: page({
    name: 'Gradients',
    title: 'Where the gradient goes',
    lead: 'Training sends a gradient back through every output. Pick an output cell: the maps show how much of it each input receives.',
    notice: [
      'Max pooling gives everything to one input, average pooling the same to all, SoftPool more to the larger ones.',
      'The exact gradient of SoftPool has blue cells: inputs that should go down for the output to go up.',
      'The paper’s rule holds the weights constant. Its gradient is never negative, and the descent takes another way.',
    ],
  }),
  temperature: page({
    name: 'Temperature',
    title: 'From average to maximum',
    lead: 'One number, β, joins three poolings: 0 is the average, 1 is SoftPool as published, ∞ is the maximum. It can be learned.',
    notice: [
      'The output never leaves the range between the average and the maximum, and only rises with β.',
      'Most of the way from average to maximum is covered while β is between a half and five.',
      'A learned β moves to where the task wants it. It is trained by gradient descent like any weight.',
    ],
  }),
  shift: page({
    name: 'Shift',
    title: 'Move the picture by one pixel',
    lead: 'A network should see the same thing when the world moves a little. Step the picture sideways and watch one output cell of each pooling: does it jump, or glide?',
    notice: [
      'After a whole stride the pooled picture is the old one moved by one cell, for every pooling. In between it isn’t.',
      'Max pooling holds still and then jumps: an output depends on a single input, until another one takes over.',
      'Where windows overlap (a stride below the kernel), every pooling glides more.',
    ],
  }),
  autograd: page({
    name: 'Autograd',
    title: 'Autograd, made visible',
    lead: 'An expression becomes a graph. Values flow forwards along its edges; then gradients flow back, each step multiplied by a local derivative.',
    notice: [
      'Each node only knows its own derivative. The chain rule is the multiplication along the edges.',
      'Where a value is used twice, its gradients from both uses are added.',
    ],
  }),
  race: page({
    name: 'Race',
    title: 'A race of equals',
    lead: 'The same small network, the same first weights, the same images in the same order; only the pooling differs. It trains here and now, in your browser.',
    notice: [
      'One seed proves little. Let several seeds run: the band shows how far they spread, and whether two poolings really differ.',
      'The filters of the first layer begin as noise, the same for all; then they part.',
    ],
  }),
  lessons: page({
    name: 'Lessons',
    title: 'Five short lessons',
    lead: 'Each lesson leads through this page in a few steps and ends with something to try and a question that the page checks.',
    notice: [],
  }),
};
