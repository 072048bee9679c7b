// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef TERRARIUM_WASI_SORT_HPP
#define TERRARIUM_WASI_SORT_HPP

// Sorting numbers by their bytes (least significant first), where NumPy natively has AVX code: for `sort` and `argsort`
// of the default kind. A quarter of the time of NumPy's portable quicksort, for a second array's worth of memory; if
// there is no room for that, or the array is short, quicksort it is.

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <type_traits>

namespace wasi {

constexpr npy_intp kShortest = 512;

template <size_t size> struct KeyOfSize;
template <> struct KeyOfSize<2> { using type = uint16_t; };
template <> struct KeyOfSize<4> { using type = uint32_t; };
template <> struct KeyOfSize<8> { using type = uint64_t; };

template <typename T> using Key = typename KeyOfSize<sizeof(T)>::type;

// Types that sort by bytes: integers of 2 to 8 bytes, float and double.
template <typename T>
constexpr bool kSortable = (std::is_integral_v<T> && sizeof(T) >= 2) || std::is_same_v<T, float> ||
                           std::is_same_v<T, double>;

// An unsigned integer in the order of the numbers; restored by `number_of`. Negative floats have all bits flipped, other
// signed numbers only the sign.
template <typename T>
static inline Key<T> key_of(T number)
{
    Key<T> bits;
    memcpy(&bits, &number, sizeof bits);
    constexpr int last = sizeof(T) * 8 - 1;
    if constexpr (std::is_floating_point_v<T>) {
        return bits ^ ((Key<T>)-(bits >> last) | (Key<T>)1 << last);
    }
    return std::is_signed_v<T> ? bits ^ (Key<T>)1 << last : bits;
}

template <typename T>
static inline T number_of(Key<T> key)
{
    constexpr int last = sizeof(T) * 8 - 1;
    if constexpr (std::is_floating_point_v<T>) {
        key ^= (Key<T>)((key >> last) - 1) | (Key<T>)1 << last;
    }
    else if constexpr (std::is_signed_v<T>) {
        key ^= (Key<T>)1 << last;
    }
    T number;
    memcpy(&number, &key, sizeof number);
    return number;
}

// Keys are also put where the numbers were.
template <typename K> struct __attribute__((may_alias)) Bare {
    K key;
};

template <typename K> struct Indexed {
    K key;
    npy_intp index;
};

// How often each value of each byte occurs among the keys.
template <typename K> struct Counts {
    npy_intp of[sizeof(K)][256] = {};

    void add(K key)
    {
        for (size_t byte = 0; byte < sizeof(K); byte++) {
            of[byte][key >> (8 * byte) & 255]++;
        }
    }
};

// Sort entries by key, one byte after the other, between two arrays; answers the one that has the result.
template <typename Entry, typename K>
static Entry *sort_entries(Entry *from, Entry *to, npy_intp count, Counts<K> &counts)
{
    for (size_t byte = 0; byte < sizeof(K); byte++) {
        npy_intp *places = counts.of[byte];
        if (places[from[0].key >> (8 * byte) & 255] == count) {
            continue;  // all the same
        }
        npy_intp place = 0;
        for (int value = 0; value < 256; value++) {
            const npy_intp next = place + places[value];
            places[value] = place;
            place = next;
        }
        for (npy_intp i = 0; i < count; i++) {
            to[places[from[i].key >> (8 * byte) & 255]++] = from[i];
        }
        Entry *other = from;
        from = to;
        to = other;
    }
    return from;
}

// Sort numbers, NaNs last. False if nothing was done.
template <typename T>
static bool sort(T *numbers, npy_intp count)
{
    if constexpr (kSortable<T>) {
        if (count < kShortest) {
            return false;
        }
        auto *keys = (Bare<Key<T>> *)malloc(count * sizeof(T));
        if (keys == nullptr) {
            return false;
        }
        if constexpr (std::is_floating_point_v<T>) {
            for (npy_intp i = 0; i < count;) {
                if (numbers[i] == numbers[i]) {
                    i++;
                    continue;
                }
                const T nan = numbers[i];
                numbers[i] = numbers[--count];
                numbers[count] = nan;
            }
        }
        Counts<Key<T>> counts;
        bool sorted = true;
        for (npy_intp i = 0; i < count; i++) {
            keys[i].key = key_of(numbers[i]);
            counts.add(keys[i].key);
            sorted = sorted && (i == 0 || keys[i - 1].key <= keys[i].key);
        }
        if (!sorted) {
            const auto *result = sort_entries(keys, (Bare<Key<T>> *)numbers, count, counts);
            for (npy_intp i = 0; i < count; i++) {
                numbers[i] = number_of<T>(result[i].key);
            }
        }
        free(keys);
        return true;
    }
    return false;
}

// Sort indices by the numbers that they mean, NaNs last. False if nothing was done.
template <typename T>
static bool argsort(const T *numbers, npy_intp *indices, npy_intp count)
{
    if constexpr (kSortable<T>) {
        if (count < kShortest || (size_t)count > NPY_MAX_INTP / sizeof(Indexed<Key<T>>) / 2) {
            return false;
        }
        auto *entries = (Indexed<Key<T>> *)malloc(2 * count * sizeof(Indexed<Key<T>>));
        if (entries == nullptr) {
            return false;
        }
        Counts<Key<T>> counts;
        for (npy_intp i = 0; i < count; i++) {
            const T number = numbers[indices[i]];
            Key<T> key = key_of(number);
            if constexpr (std::is_floating_point_v<T>) {
                key = number == number ? key_of(number + (T)0) : (Key<T>)-1;  // -0 is 0
            }
            entries[i] = {key, indices[i]};
            counts.add(key);
        }
        const auto *result = sort_entries(entries, entries + count, count, counts);
        for (npy_intp i = 0; i < count; i++) {
            indices[i] = result[i].index;
        }
        free(entries);
        return true;
    }
    return false;
}

}  // namespace wasi

#endif
