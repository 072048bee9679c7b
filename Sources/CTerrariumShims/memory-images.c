// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "slots-of-images.h"

static int new_file(void) {
#if defined(__linux__)
    return memfd_create("terrarium-image", MFD_CLOEXEC);
#else
    char path[] = "/tmp/terrarium-image-XXXXXX";
    int descriptor = mkstemp(path);
    if (descriptor >= 0) {
        unlink(path);
    }
    return descriptor;
#endif
}

static int write_all(int descriptor, const uint8_t *bytes, size_t length) {
    while (length > 0) {
        ssize_t written = write(descriptor, bytes, terrarium_smaller(length, 1u << 30));
        if (written < 0) {
            if (errno == EINTR) {
                continue;
            }
            return errno;
        }
        bytes += written;
        length -= (size_t)written;
    }
    return 0;
}

int terrarium_anonymous_file(const void *bytes, size_t length) {
    int descriptor = new_file();
    if (descriptor < 0) {
        return -errno;
    }
    int error = write_all(descriptor, bytes, length);
    if (error) {
        close(descriptor);
        return -error;
    }
    return descriptor;
}

static bool is_zero(const uint8_t *page) {
    static const uint8_t zeros[TERRARIUM_PAGE_BYTES];
    return memcmp(page, zeros, sizeof zeros) == 0;
}

int terrarium_anonymous_copy(const uint8_t *bytes, size_t length) {
    int descriptor = new_file();
    if (descriptor < 0) {
        return -errno;
    }
    int error = ftruncate(descriptor, (off_t)length) == 0 ? 0 : errno;
    size_t start = 0;
    while (!error && start < length) {
        size_t end = start;
        while (end < length && !is_zero(bytes + end)) {
            end += TERRARIUM_PAGE_BYTES;
        }
        if (end == start) {
            start += TERRARIUM_PAGE_BYTES;
            continue;
        }
        if (lseek(descriptor, (off_t)start, SEEK_SET) < 0) {
            error = errno;
            break;
        }
        error = write_all(descriptor, bytes + start, end - start);
        start = end;
    }
    if (error) {
        close(descriptor);
        return -error;
    }
    return descriptor;
}

int terrarium_memory_image_create(int descriptor, size_t length, terrarium_memory_image **out) {
    terrarium_memory_image *image = calloc(1, sizeof *image);
    if (!image) {
        close(descriptor);
        return ENOMEM;
    }
    image->descriptor = descriptor;
    image->references = 1;
    image->length = length;
    image->max_resting = 16;
    image->max_resident_bytes = MAX_COPIED_BACK_BYTES;
    if (length > 0) {
        image->bytes = mmap(NULL, length, PROT_READ, MAP_SHARED, descriptor, 0);
        if (image->bytes == MAP_FAILED) {
            int error = errno;
            close(descriptor);
            free(image);
            return error;
        }
    }
    pthread_mutex_init(&image->mutex, NULL);
    *out = image;
    return 0;
}

void terrarium_memory_image_set_bounds(terrarium_memory_image *image, size_t max_resting, size_t max_resident_bytes) {
    pthread_mutex_lock(&image->mutex);
    image->max_resting = max_resting;
    image->max_resident_bytes = max_resident_bytes;
    pthread_mutex_unlock(&image->mutex);
}

void terrarium_memory_image_count(terrarium_memory_image *image, size_t *used, size_t *resting) {
    pthread_mutex_lock(&image->mutex);
    *used = image->used_count;
    *resting = image->resting_count;
    pthread_mutex_unlock(&image->mutex);
}

const uint8_t *terrarium_memory_image_bytes(const terrarium_memory_image *image) { return image->bytes; }

size_t terrarium_memory_image_length(const terrarium_memory_image *image) { return image->length; }

void terrarium_memory_image_release_resting(terrarium_memory_image *image) {
    pthread_mutex_lock(&image->mutex);
    terrarium_slot *slot = image->resting;
    image->resting = NULL;
    image->resting_count = 0;
    pthread_mutex_unlock(&image->mutex);
    while (slot) {
        terrarium_slot *next = slot->next;
        terrarium_free_slot(slot);
        slot = next;
    }
}

void terrarium_memory_image_release(terrarium_memory_image *image) {
    pthread_mutex_lock(&image->mutex);
    size_t remaining = --image->references;
    pthread_mutex_unlock(&image->mutex);
    if (remaining > 0) {
        return;
    }
    terrarium_memory_image_release_resting(image);
    if (image->length > 0) {
        munmap(image->bytes, image->length);
    }
    close(image->descriptor);
    pthread_mutex_destroy(&image->mutex);
    free(image);
}
