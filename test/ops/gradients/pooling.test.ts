import { describe } from 'vitest';
import { testGradients } from '../../support/gradientCases.js';
import { poolingCases } from './poolingCases.js';

describe('pooling operations', () => testGradients(poolingCases));
