# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#### Whole numbers of any size
a = 2 ** 200
b = 3 ** 100
#### continued
print(a, a // b, a % b, divmod(-a, b), a & b, a >> 190, (a ^ b).bit_length(), (a - 1).bit_count(),
      pow(3, a, 10 ** 9 + 7))
print(-7 // 2, -7 % 2, 7 // -2, int(-3.7), round(2.5), round(3.5), round(1234, -2), ~5, 5 .__floordiv__(2))

#### Number literals and bases
n = 0b1011_0001 + 0o17 + 0xFF_ff + 1_000
#### continued
print(n, bin(n), oct(n), hex(n), int("z", 36), int("-0x1f", 16), int("0b11", 0), f"{n:_} {n:,} {n:#x} {n:b}",
      int(" 12 "))

#### Bytes of numbers
n = 123456789012345678901234567890
b = n.to_bytes(16, "little")
#### continued
print(b, int.from_bytes(b, "little") == n, (-5).to_bytes(3, signed=True), int.from_bytes(b"\xff\xfe", signed=True))
try:
    (300).to_bytes(1)
except OverflowError as error:
    print(error)

#### Converting huge numbers to text is limited
n = 10 ** 5000
#### continued
try:
    str(n)
except ValueError as error:
    print(error)
import sys
print(sys.get_int_max_str_digits(), len(hex(n)))

#### Floating point
x = 0.1 + 0.2
#### continued
print(x, x == 0.3, repr(1e16), 1e22, 1.0, 1e-5, 123456789.123456789, 5e-324, 1.7976931348623157e308, 1e400, -0.0)
print(x.hex(), float.fromhex("0x1.8p1"), (0.75).as_integer_ratio(), (2.5).is_integer(), float("nan") != float("nan"),
      float("-inf"))
print(7.5 // 2, -7.5 % 2, divmod(7.5, -2), 2 ** 0.5, 2 ** -1, round(2.675, 2), round(-0.5), int(1e20))

#### math
#### differs: cbrt(27) is 3 with musl, and 3.0000000000000004 with glibc
import math
#### continued
print(math.gcd(84, 36, 24), math.lcm(4, 6), math.factorial(25), math.comb(50, 25), math.perm(10, 3),
      math.isqrt(10 ** 30), math.prod([2, 3, 4]))
print(math.floor(-1.5), math.ceil(-1.5), math.trunc(-1.5), math.fmod(-7, 3), math.remainder(7, 4), math.modf(3.25),
      math.frexp(10), math.ldexp(0.5, 5))
print(math.hypot(3, 4), math.dist([0, 0], [3, 4]), math.isclose(0.1 + 0.2, 0.3), math.fsum([0.1] * 10),
      math.sumprod([1, 2], [3, 4]), math.copysign(1, -0.0), math.cbrt(27), math.nextafter(1, 2), math.ulp(1.0))

#### Elementary functions, to twelve digits
import math
x = 0.7
#### continued
for f in (math.sin, math.cos, math.tan, math.asin, math.acos, math.atan, math.sinh, math.cosh, math.tanh, math.asinh,
    math.atanh, math.exp,
          math.expm1, math.log, math.log1p, math.log2, math.log10, math.erf, math.erfc, math.gamma, math.lgamma,
              math.sqrt, math.exp2):
    print(f.__name__, f"{f(x):.12g}")
print(f"{math.atan2(-1, -1):.12g} {math.degrees(math.pi):.12g} {math.log(8, 2):.12g} {math.pow(2, 0.5):.12g}")

#### Errors of math
#### differs: the numbers of errno are WASI's, and the text of ERANGE is musl's
import math
calls = [lambda: math.sqrt(-1), lambda: math.log(0), lambda: math.exp(1000), lambda: math.factorial(-1),
    lambda: 1.0 / 0, lambda: 2.0 ** 5000,
         lambda: math.acos(2), lambda: int(float("inf")), lambda: int(float("nan")), lambda: math.gamma(-1),
             lambda: 0 ** -1, lambda: 1 % 0]
#### continued
for call in calls:
    try:
        print(call())
    except (ValueError, OverflowError, ZeroDivisionError) as error:
        print(type(error).__name__, error)

#### Complex numbers
import cmath
z = 3 + 4j
#### continued
print(z * 2j, abs(z), z.conjugate(), z ** 2, z / (1 - 1j), complex("1-2j"), -z, z == 3 + 4j, complex(1, -0.0),
      (1j) ** 2)
r, phi = cmath.polar(z)
print(f"{r:.10g} {phi:.10g} {cmath.exp(1j * cmath.pi):.5f} {cmath.sqrt(-4)} {cmath.isclose(cmath.rect(r, phi), z)} {z:.2f}")

#### decimal
from decimal import Decimal as D, getcontext, localcontext
getcontext().prec = 30
x = D(1) / D(7)
#### continued
print(x, D("0.1") + D("0.2"), D("1.10") + D("2.2"), D(2).sqrt(), D("1E+3").normalize(),
      D("123.456").quantize(D("0.01")), D(10) ** -3)
with localcontext(prec=5):
    print(D(2) / D(3))
print(D("NaN"), D("-Infinity"), D("1.0") == D("1"), D("-0"), D(0.1), D("12.5").as_tuple(), D("3.7") // 1,
      D("-3.7") % 1, D("1e5").to_eng_string())

#### Rounding of decimals
import decimal
from decimal import Decimal as D
modes = [m for m in dir(decimal) if m.startswith("ROUND_")]
#### continued
for mode in sorted(modes):
    print(mode, [str(D(x).quantize(D("1"), rounding=mode)) for x in ("2.5", "-2.5", "2.4", "-1.1", "0.05")])

#### Traps of decimals
import decimal
from decimal import Decimal as D
ctx = decimal.getcontext()
ctx.clear_flags()
#### continued
D(1) / D(3)
print(ctx.flags[decimal.Inexact], ctx.flags[decimal.DivisionByZero])
try:
    D(1) / 0
except decimal.DivisionByZero as error:
    print(type(error).__name__)
ctx.traps[decimal.DivisionByZero] = False
print(D(1) / 0)
try:
    D("abc")
except decimal.InvalidOperation as error:
    print("invalid")

#### Digits of pi with decimals
from decimal import Decimal as D, getcontext
getcontext().prec = 120
def arctan_inverse(x):
    total, power, n = D(0), D(1) / x, 1
    while True:
        step = power / n
        if total + step == total:
            return total
        total += step if n % 4 == 1 else -step
        power /= x * x
        n += 2
a = arctan_inverse(5)
#### continued
print(str(4 * (4 * a - arctan_inverse(239)))[:102])

#### fractions
from fractions import Fraction as F
x = F(3, 4) + F(1, 6)
#### continued
print(x, F("0.125"), F(0.5), F("-7/21"), x ** 2, x / 3, float(x), F(22, 7).limit_denominator(5),
      F(3.14159).limit_denominator(100))
print(F(7, 2) // 1, F(-7, 2) % 2, round(F(5, 2)), F(1, 3) == F(2, 6), sum([F(1, n) for n in range(1, 11)]),
      f"{F(1, 3):.3f}", int(F(7, 2)))
try:
    F(1, 0)
except ZeroDivisionError as error:
    print(error)

#### statistics
import statistics as s
data = [2, 4, 4, 4, 5, 5, 7, 9]
#### continued
print(s.mean(data), s.median(data), s.mode(data), s.pstdev(data), s.variance(data), s.quantiles(data, n=4),
      s.multimode("aabbc"))
print(s.fmean(data, weights=range(8)), s.harmonic_mean([40, 60]), s.geometric_mean([1, 4]),
      s.median_low([1, 2, 3, 4]), s.correlation([1, 2, 3], [3, 2, 1]))
print(s.linear_regression([1, 2, 3], [2, 4, 6]), round(s.NormalDist(10, 2).cdf(12), 6),
      s.NormalDist.from_samples(data).mean)

#### random with a seed
import random
random.seed(42)
print(random.random(), random.randint(1, 100))
#### continued
print(random.random(), random.sample(range(100), 5), random.choice("abc"), random.getrandbits(70), random.randbytes(4))
l = list(range(8))
random.shuffle(l)
print(l, random.choices("ab", [9, 1], k=8))

#### Distributions with a seed
import random
r = random.Random("a seed")
print(round(r.gauss(0, 1), 9))
#### continued
for f in (lambda: r.gauss(0, 1), lambda: r.uniform(1, 2), lambda: r.expovariate(2), lambda: r.betavariate(1, 2),
    lambda: r.triangular(0, 1, 0.5),
          lambda: r.normalvariate(0, 1), lambda: r.lognormvariate(0, 1), lambda: r.paretovariate(3),
              lambda: r.binomialvariate(20, 0.3)):
    print(round(f(), 9))
state = r.getstate()
x = r.random()
r.setstate(state)
print(x == r.random())

#### Booleans
a, b = True, False
#### continued
print(a + a, a & b, a ^ a, not a, bool("False"), bool([]), bool(0.0), int(a), isinstance(a, int), sum([True, True]),
      a is (1 == 1), f"{a:d}")

#### Chained comparisons
x = 5
#### continued
print(1 < x < 10, 1 < x > 3, 1 == 1.0 == True, "a" < "b" < "c", 3 > 2 == 2, x is not None is not True, None is None)

#### numbers and their tower
import numbers
from decimal import Decimal
from fractions import Fraction
#### continued
for x in 1, 1.5, 1j, Fraction(1, 2), Decimal(1), True:
    print(type(x).__name__, [k.__name__ for k in (numbers.Number, numbers.Complex, numbers.Real, numbers.Rational,
          numbers.Integral) if isinstance(x, k)])
