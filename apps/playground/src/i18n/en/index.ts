/** @file The page in English. */
import { autograd } from './autograd.js';
import { common } from './common.js';
import { gradient } from './gradient.js';
import { lessons } from './lessons.js';
import { look } from './look.js';
import { pages } from './pages.js';
import { race } from './race.js';
import { shift } from './shift.js';
import { temperature } from './temperature.js';
import { window } from './window.js';

export const en = { common, pages, look, window, gradient, temperature, shift, autograd, race, lessons };
