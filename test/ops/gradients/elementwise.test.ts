import { describe } from 'vitest';
import { testGradients } from '../../support/gradientCases.js';
import { elementwiseCases } from './elementwiseCases.js';

describe('elementwise operations', () => testGradients(elementwiseCases));
