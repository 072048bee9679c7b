// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Functions that throw and catch, for run_exceptions.py, which says what each is to return.

#include <csetjmp>
#include <new>
#include <stdexcept>
#include <string>
#include <typeinfo>
#include <vector>

#define EXPORT extern "C" __attribute__((visibility("default")))

namespace {

int destroyed = 0;

struct Guard {
    ~Guard() { ++destroyed; }
};

struct Special : std::runtime_error {
    explicit Special(int number) : std::runtime_error("special"), number(number) {}
    int number;
};

__attribute__((noinline)) int descend(int depth)
{
    Guard guard;
    if (depth == 0) {
        throw Special(destroyed);
    }
    return descend(depth - 1) + 1;
}

std::jmp_buf place;

__attribute__((noinline)) void jump(int depth)
{
    if (depth == 0) {
        std::longjmp(place, 7);
    }
    jump(depth - 1);
}

} // namespace

// An exception of a class is caught as one of its base, with its contents.
EXPORT int by_base()
{
    try {
        throw Special(41);
    } catch (const std::exception &error) {
        return std::string(error.what()) == "special" ? dynamic_cast<const Special &>(error).number + 1 : -1;
    }
}

// Frames between are left, and their objects destroyed.
EXPORT int through_frames(int depth)
{
    destroyed = 0;
    try {
        return descend(depth);
    } catch (const std::logic_error &) {
        return -1;
    } catch (const Special &) {
        return destroyed;
    }
}

// What is thrown again is the same object.
EXPORT int again()
{
    try {
        try {
            throw Special(5);
        } catch (Special &error) {
            error.number *= 2;
            throw;
        }
    } catch (const Special &error) {
        return error.number;
    }
}

// One exception while another is handled, and one of a type without a class.
EXPORT int nested()
{
    try {
        throw 1;
    } catch (int outer) {
        try {
            throw 20L;
        } catch (long inner) {
            return outer + static_cast<int>(inner);
        }
    } catch (...) {
        return -1;
    }
}

// The library throws by itself.
EXPORT int by_library()
{
    try {
        return std::vector<int>{1, 2}.at(5);
    } catch (const std::out_of_range &) {
        return 3;
    }
}

EXPORT int no_memory()
{
    try {
        // Not removed, since the place is used.
        volatile char *place = new char[0x7fffffff];
        place[0] = 1;
        return -1;
    } catch (const std::bad_alloc &) {
        return 4;
    }
}

EXPORT int by_setjmp(int depth)
{
    volatile int tries = 0;
    int value = setjmp(place);
    if (value == 0) {
        tries = tries + 1;
        jump(depth);
        return -1;
    }
    return value * 10 + tries;
}

// Nobody catches it here: the caller of the instance gets it.
EXPORT int uncaught()
{
    throw Special(1);
}
