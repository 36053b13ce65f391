/**
 * @file Runs the training of β between the frames of the page, and moves the slider along.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import { usePrefersReducedMotion } from '../../components/useMediaQuery.js';
import { type BetaStep, learnBeta } from '../../compute/learnBeta.js';
import { temperatureOf } from '../../compute/temperature.js';
import { usePicture } from '../../pictures/usePicture.js';
import { useStore } from '../../state/store.js';

const STEPS = 200;

export interface BetaTraining {
  readonly isRunning: boolean;
  readonly start: () => void;
  readonly stop: () => void;
}

export function useBetaTraining(show: (steps: readonly BetaStep[]) => void): BetaTraining {
  const { state, update } = useStore();
  const { picture } = usePicture();
  const frame = useRef<number>(undefined);
  const [isRunning, setRunning] = useState(false);
  // Without motion the slider goes to the end at once.
  const stepsPerFrame = usePrefersReducedMotion() ? STEPS : 1;
  const stop = (): void => {
    if (frame.current !== undefined) cancelAnimationFrame(frame.current);
    frame.current = undefined;
    setRunning(false);
  };
  const start = (): void => {
    const training = learnBeta(picture, state.value.target);
    const steps: BetaStep[] = [];
    const advance = (): void => {
      for (let i = 0; i < stepsPerFrame && steps.length < STEPS; i++) steps.push(training.next().value!);
      show([...steps]);
      update({ temperature: temperatureOf(Math.max(0, steps.at(-1)!.beta)) });
      if (steps.length < STEPS) frame.current = requestAnimationFrame(advance);
      else {
        training.return();
        setRunning(false);
      }
    };
    setRunning(true);
    frame.current = requestAnimationFrame(advance);
  };
  useEffect(() => stop, []);
  return { isRunning, start, stop };
}
