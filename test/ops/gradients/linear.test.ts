import { describe } from 'vitest';
import { testGradients } from '../../support/gradientCases.js';
import { linearCases } from './linearCases.js';

describe('convolutions, products, norms and losses', () => testGradients(linearCases));
