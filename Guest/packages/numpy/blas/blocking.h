// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// The loops around a matrix multiplication kernel, for one element type. Included once per type, after the macros
//
//     NAME(x)      x with the type's letter in its name
//     T            the type of a real or imaginary part
//     PARTS        1 for a real type, 2 for a complex one
//     MR, NR       rows and columns that the kernel computes at once
//     SCALAR(x)    how a scalar (alpha, beta) is passed along
//
// and the functions NAME(pack_a), NAME(pack_b), NAME(kernel), NAME(merge).
//
// This is the scheme of Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008): B is copied
// in blocks of KC x NC and A in blocks of MC x KC into the order in which the kernel reads them, so that the kernel
// runs from cache and over consecutive addresses whatever the layout of the operands was.

#define MC 96
#define KC 256
#define NC 512

// Packed blocks of at most this size live on the stack: small products need no allocation.
#define STACK_BYTES 8192

// Whether the tile of rows [i, i + h) and columns [j, j + w) has an element that `part` asks for.
static inline int NAME(wanted)(enum terrarium_part part, int i, int h, int j, int w)
{
    return part == TERRARIUM_FULL || (part == TERRARIUM_UPPER ? i <= j + w - 1 : j <= i + h - 1);
}

// C is row-major here (its columns are adjacent, csc == 1): the caller swaps the operands otherwise.
static void NAME(blocked)(enum terrarium_part part, int m, int n, int k, SCALAR(alpha), const T *a, int rsa, int csa,
    int conja, const T *b, int rsb, int csb, int conjb, SCALAR(beta), T *c, int rsc)
{
    const int kc_max = k < KC ? k : KC, mc_max = m < MC ? m : MC, nc_max = n < NC ? n : NC;
    const size_t a_size = (size_t)((mc_max + MR - 1) / MR * MR) * kc_max * PARTS;
    const size_t b_size = (size_t)((nc_max + NR - 1) / NR * NR) * kc_max * PARTS;
    _Alignas(16) T stack[STACK_BYTES / sizeof(T)];
    _Alignas(16) T tile[MR * NR * PARTS];
    const int steps = k > 0 ? k : 1;  // with nothing to add, C is still scaled by beta
    T *heap = NULL, *packed_a = stack;
    if (a_size + b_size > STACK_BYTES / sizeof(T)) {
        // Room is rounded up so that both halves are aligned to a vector.
        packed_a = heap = aligned_alloc(16, ((a_size + b_size) * sizeof(T) + 47) / 16 * 16);
        if (heap == NULL) {
            NAME(unblocked)(part, m, n, k, alpha, a, rsa, csa, conja, b, rsb, csb, conjb, beta, c, rsc);
            return;
        }
    }
    T *packed_b = packed_a + (a_size + 3) / 4 * 4;
    for (int jc = 0; jc < n; jc += NC) {
        const int nc = n - jc < NC ? n - jc : NC;
        for (int pc = 0; pc < steps; pc += KC) {
            const int kc = k - pc < KC ? k - pc : KC;
            NAME(pack_b)(kc, nc, b + ((ptrdiff_t)pc * rsb + (ptrdiff_t)jc * csb) * PARTS, rsb, csb, conjb, packed_b);
            for (int ic = 0; ic < m; ic += MC) {
                const int mc = m - ic < MC ? m - ic : MC;
                if (!NAME(wanted)(part, ic, mc, jc, nc)) {
                    continue;
                }
                const T *from = a + ((ptrdiff_t)ic * rsa + (ptrdiff_t)pc * csa) * PARTS;
                NAME(pack_a)(mc, kc, from, rsa, csa, conja, packed_a);
                for (int jr = 0; jr < nc; jr += NR) {
                    const int width = nc - jr < NR ? nc - jr : NR;
                    for (int ir = 0; ir < mc; ir += MR) {
                        const int height = mc - ir < MR ? mc - ir : MR;
                        const int i = ic + ir, j = jc + jr;
                        if (!NAME(wanted)(part, i, height, j, width)) {
                            continue;
                        }
                        if (kc > 0) {
                            NAME(kernel)(kc, packed_a + (ptrdiff_t)ir * kc * PARTS,
                                packed_b + (ptrdiff_t)jr * kc * PARTS, tile);
                        } else {
                            memset(tile, 0, sizeof tile);
                        }
                        T *to = c + ((ptrdiff_t)i * rsc + j) * PARTS;
                        NAME(merge)(part, i, j, height, width, tile, alpha, beta, pc == 0, to, rsc);
                    }
                }
            }
        }
    }
    free(heap);
}

#undef MC
#undef KC
#undef NC
#undef STACK_BYTES
