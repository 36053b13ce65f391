import { describe } from 'vitest';
import { testGradients } from '../../support/gradientCases.js';
import { movementCases } from './movementCases.js';

describe('reductions and movements', () => testGradients(movementCases));
