/**
 * @file The part of docs/modelZoo.md that follows from the cards.
 */
import { commandLines, trainWords } from '../../apps/lab/src/report/commandWords.js';
import { grouped, megabytes, percent } from '../../apps/lab/src/report/format.js';
import type { ModelCard } from '../../apps/lab/src/zoo/modelCard.js';
import { withGeneratedPart } from './generatedPart.js';

/** The page with a table of all cards, and the command that trains each of them. */
export function zooPage(page: string, cards: readonly ModelCard[]): string {
  const part = cards.length === 0 ? 'There are none yet.' : [table(cards), ...cards.map(section)].join('\n\n');
  return withGeneratedPart(page, 'npm run zoo', part);
}

function table(cards: readonly ModelCard[]): string {
  return [
    '| name | pooling | test accuracy | test loss | parameters | MMAC | size |',
    '|---|---|--:|--:|--:|--:|--:|',
    ...cards.map(({ name, settings, result: { test, parameters, multiplyAdds }, weights }) => {
      const numbers = [percent(test.accuracy), test.loss.toFixed(3), grouped(parameters)];
      const costs = [(multiplyAdds / 1e6).toFixed(1), megabytes(weights.bytes)];
      return `| ${[`[\`${name}\`](#${name})`, settings.pool, ...numbers, ...costs].join(' | ')} |`;
    }),
  ].join('\n');
}

function section({ name, settings, arithmetic, data, result, weights }: ModelCard): string {
  const { epochs, batchSize, optimizer, lr, schedule, weightDecay, augment, seed } = settings;
  const optimiser = optimizer === 'sgd' ? 'SGD with Nesterov momentum 0.9' : optimizer;
  const classes = result.test.classAccuracy.flatMap((share) => share ?? []);
  return [
    `### ${name}`,
    `${data.name}: ${grouped(data.trainImages)} training and ${grouped(data.testImages)} test images. ` +
      `${epochs} epochs of batches of ${batchSize}, ${optimiser}, learning rate ${lr} (${schedule}), weight decay ${weightDecay}, ` +
      `augmentation ${augment.join(' and ') || 'none'}, seed ${seed}. Test accuracy after the last epoch ` +
      `${percent(result.test.accuracy)}; of single classes ${percent(Math.min(...classes))} to ${percent(Math.max(...classes))}.`,
    ['```sh', ...commandLines(settings.data, trainWords({ settings, arithmetic })), '```'].join('\n'),
    `SHA-256 of the weights: \`${weights.sha256}\`.`,
  ].join('\n\n');
}
