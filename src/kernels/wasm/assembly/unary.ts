/**
 * @file Elementwise functions of one storage: y[i] = f(x[i], scalar).
 *
 *   unary(op, x, y, length, scalar, firstTask, lastTask)     elementTasks(length) tasks
 *
 * `op` numbers `UnaryOp` of the kernel contract in its order: neg 0, abs, sign, exp, log, sqrt, erf, relu 7, leakyRelu,
 * sigmoid, tanh 10, gelu, silu, softplus, pow 14, addScalar, mulScalar 16. x and y may be the same storage.
 *
 * One loop is written for all: `each<F>` is compiled once per function class, whose inlined `apply` it calls.
 */
import * as fast from './exp';
import { atLeast, ELEMENTS_PER_TASK, storeLanes } from './lanes';
import { powLanes } from './pow';

@unmanaged class Neg { @inline apply(x: v128, _s: v128): v128 { return f32x4.neg(x); } }
@unmanaged class Abs { @inline apply(x: v128, _s: v128): v128 { return f32x4.abs(x); } }
@unmanaged class Exp { @inline apply(x: v128, _s: v128): v128 { return fast.exp(x); } }
@unmanaged class Log { @inline apply(x: v128, _s: v128): v128 { return fast.log(x); } }
@unmanaged class Sqrt { @inline apply(x: v128, _s: v128): v128 { return f32x4.sqrt(x); } }
@unmanaged class Erf { @inline apply(x: v128, _s: v128): v128 { return fast.erf(x); } }
@unmanaged class Relu { @inline apply(x: v128, _s: v128): v128 { return atLeast(x, f32x4.splat(0)); } }
@unmanaged class Sigmoid { @inline apply(x: v128, _s: v128): v128 { return fast.sigmoid(x); } }
@unmanaged class Tanh { @inline apply(x: v128, _s: v128): v128 { return fast.tanh(x); } }
@unmanaged class Gelu { @inline apply(x: v128, _s: v128): v128 { return fast.gelu(x); } }
@unmanaged class Silu { @inline apply(x: v128, _s: v128): v128 { return fast.silu(x); } }
@unmanaged class Softplus { @inline apply(x: v128, _s: v128): v128 { return fast.softplus(x); } }
@unmanaged class AddScalar { @inline apply(x: v128, s: v128): v128 { return f32x4.add(x, s); } }
@unmanaged class MulScalar { @inline apply(x: v128, s: v128): v128 { return f32x4.mul(x, s); } }
@unmanaged class Square { @inline apply(x: v128, _s: v128): v128 { return f32x4.mul(x, x); } }
@unmanaged class Reciprocal { @inline apply(x: v128, _s: v128): v128 { return f32x4.div(f32x4.splat(1), x); } }

/** −1, 0 or 1; zeros keep their sign and NaN stays. */
@unmanaged
class Sign {
  @inline
  apply(x: v128, _s: v128): v128 {
    const ordered = f32x4.ne(x, f32x4.splat(0));
    const unit = v128.bitselect(x, f32x4.splat(1), i32x4.splat(0x80000000));
    return v128.bitselect(unit, x, v128.and(ordered, f32x4.eq(x, x)));
  }
}

@unmanaged
class LeakyRelu {
  @inline
  apply(x: v128, s: v128): v128 {
    return v128.bitselect(x, f32x4.mul(x, s), f32x4.gt(x, f32x4.splat(0)));
  }
}

/** xˢ, lane by lane. */
@unmanaged
class Pow {
  @inline
  apply(x: v128, s: v128): v128 {
    return powLanes(x, s);
  }
}

/** Applies F to `count` elements. */
function each<F>(x: usize, y: usize, count: i32, scalar: v128): void {
  const f = changetype<F>(0);
  for (; count > 0; count -= 4) {
    storeLanes(y, f.apply(v128.load(x), scalar), count);
    x += 16;
    y += 16;
  }
}

/** Applies eˣ, the one function worth four vectors at a time. */
function eachExp(x: usize, y: usize, count: i32, scalar: v128): void {
  const whole = count & ~15;
  for (let end = x + (<usize>whole << 2); x < end; x += 64) {
    const a = fast.exp(v128.load(x));
    const b = fast.exp(v128.load(x, 16));
    const c = fast.exp(v128.load(x, 32));
    const d = fast.exp(v128.load(x, 48));
    v128.store(y, a);
    v128.store(y, b, 16);
    v128.store(y, c, 32);
    v128.store(y, d, 48);
    y += 64;
  }
  each<Exp>(x, y, count - whole, scalar);
}

function eachPow(x: usize, y: usize, count: i32, exponent: f32): void {
  if (exponent == 2) each<Square>(x, y, count, f32x4.splat(exponent));
  else if (exponent == -1) each<Reciprocal>(x, y, count, f32x4.splat(exponent));
  else each<Pow>(x, y, count, f32x4.splat(exponent));
}

export function unary(op: i32, x: usize, y: usize, length: i32, scalar: f32, firstTask: i32, lastTask: i32): void {
  const first = firstTask * ELEMENTS_PER_TASK;
  const n = min(lastTask * ELEMENTS_PER_TASK, length) - first;
  x += <usize>first << 2;
  y += <usize>first << 2;
  const s = f32x4.splat(scalar);
  switch (op) {
    case 0: return each<Neg>(x, y, n, s);
    case 1: return each<Abs>(x, y, n, s);
    case 2: return each<Sign>(x, y, n, s);
    case 3: return eachExp(x, y, n, s);
    case 4: return each<Log>(x, y, n, s);
    case 5: return each<Sqrt>(x, y, n, s);
    case 6: return each<Erf>(x, y, n, s);
    case 7: return each<Relu>(x, y, n, s);
    case 8: return each<LeakyRelu>(x, y, n, s);
    case 9: return each<Sigmoid>(x, y, n, s);
    case 10: return each<Tanh>(x, y, n, s);
    case 11: return each<Gelu>(x, y, n, s);
    case 12: return each<Silu>(x, y, n, s);
    case 13: return each<Softplus>(x, y, n, s);
    case 14: return eachPow(x, y, n, scalar);
    case 15: return each<AddScalar>(x, y, n, s);
    case 16: return each<MulScalar>(x, y, n, s);
  }
}
