/** @file Texts of the five lessons. */
interface LessonTexts {
  readonly title: string;
  readonly summary: string;
  /** One for each part; the last one leads to the task. */
  readonly parts: readonly string[];
  readonly task: string;
  readonly question: string;
  /** Of a question with a choice. */
  readonly options: readonly string[];
  readonly explanation: string;
  readonly hint: string;
}

const lesson = (texts: LessonTexts): LessonTexts => texts;

export const lessons = {
  begin: 'Begin',
  number: (lesson: number) => `Lesson ${lesson}`,
  part: (part: number, parts: number) => `Part ${part} of ${parts}`,
  panel: 'Lesson',
  next: 'Next',
  back: 'Back',
  leave: 'Leave the lesson',
  toLessons: 'All lessons',
  nextLesson: 'Next lesson',
  task: 'Try it',
  taskDone: 'Done!',
  taskOpen: 'Not yet.',
  question: 'Question',
  answer: 'Your answer',
  check: 'Check',
  right: 'Right.',
  wrong: 'Not quite.',
  texts: {
    loss: lesson({
      title: 'What pooling throws away',
      summary: 'Of every sixteen numbers one is left. Which things survive, and which don’t?',
      parts: [
        'Here every window of 4 × 4 pixels became one: fifteen of sixteen numbers are gone. Look at the stars. The maximum keeps every one of them and makes it sixteen times as large; the average puts most of them out.',
        'Now the other way round: thin dark strokes on bright paper. The maximum only ever takes the paper, so the print is eaten away. What pooling keeps depends on what it takes for important.',
        'The small map at the right of each card now shows the difference from average pooling: orange where a result is brighter, blue where it is darker. SoftPool’s map has the shape of the maximum’s, only weaker.',
        'PSNR and SSIM measure how near a result is to the original once it is enlarged again.',
      ],
      task: 'Choose the picture “Print” and set kernel and stride to 4.',
      question: 'Which of the three is nearest to the original now, by PSNR?',
      options: ['Max', 'Average', 'Soft'],
      explanation:
        'The average makes the smallest squared error of all single numbers, so it is hard to beat by PSNR. That doesn’t make it the best for recognising things.',
      hint: 'Do the task first, then compare the numbers on the three cards.',
    }),
    weights: lesson({
      title: 'Weights and temperature',
      summary: 'SoftPool is a weighted mean. Where do the weights come from, and who turns them up?',
      parts: [
        'The four inputs are 1, 2, 3 and 4. SoftPool gives each a weight, and the weights add up to 1. The output is the sum of the products: about 3.49, between the average, 2.5, and the maximum, 4.',
        'A weight is e raised to the input, divided by the sum over the window. So only differences count: adding 10 to all four inputs would leave every weight as it is.',
        'The temperature β multiplies the inputs before e is raised to them. At 0 all weights are equal; for large β the largest input takes everything.',
        'Now it is your turn with the slider.',
      ],
      task: 'Move β until the output of this window lies between 3.7 and 3.8.',
      question:
        'With β = 1, by which factor does e to the power of x grow when x rises by 1? (Two decimals are enough.)',
      options: [],
      explanation:
        'It grows by e ≈ 2.72, whatever x was. Compare the weights of two neighbours: each is 2.72 times the one before.',
      hint: 'Divide the weight of the input 3 by that of the input 2.',
    }),
    gradients: lesson({
      title: 'Gradients, exact and the paper’s',
      summary: 'Two rules for the way back. One can be negative, and both add up to 1.',
      parts: [
        'Look at the column of gradients. Cell 2 has the input 0 and a negative gradient: raising it would lower the output, since it takes weight from the 3.',
        'The paper’s implementation holds the weights constant on the way back. The gradient is then the weight itself: never negative, and not the derivative of what was computed.',
        'Over a part of a picture: the maximum sends everything to one input, the average spreads it evenly. Below, four descents with these gradients start from the same inputs; the exact rule and the paper’s part soon.',
        'Back to one window, with the exact rule.',
      ],
      task: 'Drag the inputs until one of them has a gradient below −0.08.',
      question: 'What do the gradients of one window add up to?',
      options: ['0, with either rule', '1, with either rule', '1 with the paper’s rule, less with the exact one'],
      explanation:
        'Adding the same amount to all inputs raises the output by just that amount. So the sum is 1, for both rules, and a test that only looks at sums can’t tell them apart.',
      hint: 'The last row of the table adds them up. Switch between the two rules.',
    }),
    shifts: lesson({
      title: 'Shifts and aliasing',
      summary: 'A picture that moves by one pixel should not look like another picture.',
      parts: [
        'The picture in view can move by up to 16 pixels. One output cell of each pooling is watched; the line shows its value at every shift. Press Play, or step with the arrows.',
        'At a shift of 2, half a stride, the windows hold other pixels than before, and outputs change, with some poolings a lot. That is aliasing: a fine pattern turns into a coarse one that isn’t there.',
        'Overlapping windows help: with kernel 4 and stride 2 each output sees more of its surroundings, and the jumps get smaller.',
        'Kernel and stride are 4 again.',
      ],
      task: 'Find a shift, other than 0, at which every output is an old one, only moved.',
      question: 'With a stride of 4: by how many cells have the outputs moved after 12 pixels?',
      options: [],
      explanation: 'One cell for every stride: 12 / 4 = 3. Only at whole strides does pooling commute with shifts.',
      hint: 'How often does the stride fit into 12?',
    }),
    fairness: lesson({
      title: 'A fair comparison',
      summary: 'Same network, same seed, same data; and why one run proves little.',
      parts: [
        'A race trains one network per pooling. For each seed all of them begin with the same weights and see the same pictures in the same order. Whatever differs in the end comes from the pooling. Start the race when you like.',
        'Still, with other first weights the order could be another. The differences between seeds are often as large as those between poolings.',
        'With several seeds each curve has a band, from the worst to the best seed. Where two bands overlap, this race can’t tell the two poolings apart.',
        'Plan a comparison that you would trust.',
      ],
      task: 'Set up a race of at least two poolings with three seeds or more.',
      question: 'In one run each, Max reached 84 % and Soft 82 %. What follows?',
      options: ['Max is better', 'Soft is better', 'Nothing yet: it takes more seeds'],
      explanation:
        'Two points between two single runs lie well within what a change of seed does. A study compares over seeds and states an interval; the command line’s compare does that.',
      hint: 'How far apart did two seeds of the same pooling end?',
    }),
  },
};
