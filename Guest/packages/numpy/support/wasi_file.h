// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef TERRARIUM_WASI_FILE_H
#define TERRARIUM_WASI_FILE_H

// fromfile and tofile on WASI, included by npy_3kcompat.h instead of its own two functions.
//
// NumPy duplicates the descriptor of a Python file and works on that with C's stdio. WASI cannot duplicate one.
// Here the FILE is a front for the Python file itself (fopencookie): what NumPy reads and writes goes through its
// readinto, write and seek. An exception in there is kept until the file is closed, and raised then.

// Also compiled as C++, hence the casts.

#include <Python.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

struct wasi_file {
    PyObject *file;
    PyObject *error;  // the first exception, or NULL
    FILE *handle;
    struct wasi_file *next;
};

// Files that are open now; more than one if a Python file's write() itself uses tofile().
static struct wasi_file *wasi_open_files = NULL;

static inline ssize_t wasi_file_failed(struct wasi_file *self)
{
    PyObject *error = PyErr_GetRaisedException();
    if (self->error == NULL) {
        self->error = error;
    } else {
        Py_XDECREF(error);
    }
    errno = EIO;
    return -1;
}

// Call readinto() or write() with a view of the buffer; answers the number of bytes, or -1.
static inline ssize_t wasi_file_transfer(struct wasi_file *self, const char *method, char *buffer, size_t size,
    int flags)
{
    PyObject *view = PyMemoryView_FromMemory(buffer, (Py_ssize_t)size, flags);
    if (view == NULL) {
        return wasi_file_failed(self);
    }
    PyObject *answer = PyObject_CallMethod(self->file, method, "O", view);
    // The file must not keep a view of memory that is about to go.
    PyObject *released = answer == NULL ? NULL : PyObject_CallMethod(view, "release", NULL);
    Py_DECREF(view);
    Py_ssize_t count = -1;
    if (released != NULL) {
        Py_DECREF(released);
        // None: a non-blocking file with nothing to give now. C has no other word for that than "no more".
        count = answer == Py_None ? 0 : PyLong_AsSsize_t(answer);
    }
    Py_XDECREF(answer);
    if (count == -1 && PyErr_Occurred()) {
        return wasi_file_failed(self);
    }
    return count >= 0 && (size_t)count <= size ? count : -1;
}

static inline ssize_t wasi_file_read(void *cookie, char *buffer, size_t size)
{
    return wasi_file_transfer((struct wasi_file *)cookie, "readinto", buffer, size, PyBUF_WRITE);
}

static inline ssize_t wasi_file_write(void *cookie, const char *buffer, size_t size)
{
    // A raw file may write less than it was given; stdio takes that for an error.
    struct wasi_file *self = (struct wasi_file *)cookie;
    size_t done = 0;
    while (done < size) {
        const ssize_t count = wasi_file_transfer(self, "write", (char *)buffer + done, size - done, PyBUF_READ);
        if (count <= 0) {
            return done > 0 ? (ssize_t)done : count;
        }
        done += (size_t)count;
    }
    return (ssize_t)done;
}

static inline int wasi_file_seek(void *cookie, off_t *offset, int whence)
{
    struct wasi_file *self = (struct wasi_file *)cookie;
    PyObject *answer = PyObject_CallMethod(self->file, "seek", "Li", (long long)*offset, whence);
    if (answer == NULL) {
        return (int)wasi_file_failed(self);
    }
    *offset = PyLong_AsLongLong(answer);
    Py_DECREF(answer);
    return PyErr_Occurred() ? (int)wasi_file_failed(self) : 0;
}

static inline FILE *npy_PyFile_Dup2(PyObject *file, char *mode, npy_off_t *orig_pos)
{
    // The same demands as natively: a file with a descriptor, and a position.
    PyObject *flushed = PyObject_CallMethod(file, "flush", NULL);
    if (flushed == NULL) {
        return NULL;
    }
    Py_DECREF(flushed);
    if (PyObject_AsFileDescriptor(file) == -1) {
        return NULL;
    }
    // A text file's bytes are those of its buffer.
    PyObject *bytes = PyObject_GetAttrString(file, "buffer");
    if (bytes == NULL) {
        PyErr_Clear();
        bytes = Py_NewRef(file);
    }
    PyObject *position = PyObject_CallMethod(file, "tell", NULL);
    *orig_pos = position == NULL ? -1 : PyLong_AsLongLong(position);
    Py_XDECREF(position);
    if (*orig_pos == -1 && PyErr_Occurred()) {
        Py_DECREF(bytes);
        return NULL;
    }
    struct wasi_file *self = (struct wasi_file *)calloc(1, sizeof *self);
    if (self == NULL) {
        Py_DECREF(bytes);
        PyErr_NoMemory();
        return NULL;
    }
    const cookie_io_functions_t functions = {wasi_file_read, wasi_file_write, wasi_file_seek, NULL};
    self->file = bytes;
    self->handle = fopencookie(self, mode, functions);
    if (self->handle == NULL) {
        Py_DECREF(bytes);
        free(self);
        PyErr_NoMemory();
        return NULL;
    }
    self->next = wasi_open_files;
    wasi_open_files = self;
    return self->handle;
}

static inline int npy_PyFile_DupClose2(PyObject *file, FILE *handle, npy_off_t orig_pos)
{
    (void)orig_pos;  // natively, where the raw descriptor has to go back to
    struct wasi_file **place = &wasi_open_files;
    while ((*place)->handle != handle) {
        place = &(*place)->next;
    }
    struct wasi_file *self = *place;
    const int flushed = fflush(handle);
    const npy_off_t position = ftello(handle);
    fclose(handle);
    *place = self->next;
    PyObject *error = self->error;
    Py_DECREF(self->file);
    free(self);
    if (error != NULL) {
        PyErr_SetRaisedException(error);
        return -1;
    }
    if (flushed != 0 || position == -1) {
        PyErr_SetString(PyExc_OSError, flushed != 0 ? "writing to the file failed" : "obtaining file position failed");
        return -1;
    }
    // stdio reads ahead: put the Python file where the array ended.
    PyObject *moved = PyObject_CallMethod(file, "seek", "Li", (long long)position, SEEK_SET);
    if (moved == NULL) {
        return -1;
    }
    Py_DECREF(moved);
    return 0;
}

#endif
