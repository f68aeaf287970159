/* libsteg-trace for C and for what can call C: finds the ID that stegencode put into a video, an image, or frames that
 * the program has decoded.
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 *   StegTrace* trace = steg_trace_new();
 *   char* json = NULL;
 *   if (steg_trace_set(trace, "key-file", "steg.key")) json = steg_trace_read(trace, "leak.mp4");
 *   puts(json ? json : steg_trace_error(trace));
 *   steg_trace_free_text(json);
 *   steg_trace_free(trace);
 *
 * Build with `pkg-config --cflags --libs steg-trace`. docs/steg-trace.md describes the JSON. steg-trace.hpp says what
 * is done to protect the process from files that strangers made, and what is not. An object is used by one thread at a
 * time. Functions are added here, and not changed. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct StegTrace StegTrace; /* NOLINT(modernize-use-using): this header is C, too. */

/* NULL if there is no memory. */
StegTrace* steg_trace_new(void);
/* NULL is allowed. */
void steg_trace_free(StegTrace* trace);

/* Sets an option, before the first steg_trace_read() and steg_trace_confine(). Its name is that of steg-trace's:
 *   key-file FILE, model FILE, max-p-value NUMBER, rate NUMBER (frames a second), epoch-period SECONDS,
 *   max-pixels NUMBER, threads NUMBER, search 0|1 (default 1), thorough 0|1 (default 0),
 * or
 *   key DIGITS          the key itself, 64 hexadecimal digits
 *   issued-id ID        an ID that was given out, whose weaker marks are found, too; may be given many times
 * Returns 1, or 0 if it cannot be: see steg_trace_error(). */
int steg_trace_set(StegTrace* trace, const char* option, const char* value);

/* Takes from this thread, and from those that it starts, what reading `file` does not need, for good: see
 * steg_trace::Tracer::confine(). Call it before the process has other threads. `file` NULL: to push frames. Returns
 * what the system could do, such as "Landlock 4, seccomp", or "none"; NULL for an error. The text is valid until
 * steg_trace_free(). */
const char* steg_trace_confine(StegTrace* trace, const char* file);

/* Reads a file: a path or a URI. Returns JSON in UTF-8, whose "files"[0]."segments" is empty if there is no mark; free
 * it with steg_trace_free_text(). NULL if the file, the key or the network cannot be read: see steg_trace_error(). */
char* steg_trace_read(StegTrace* trace, const char* file);
/* Samples of 8 bits, in the program's memory. */
typedef struct StegTracePlane { /* NOLINT(modernize-use-using) */
  const uint8_t* data;
  ptrdiff_t stride; /* bytes from one row to the next, at least a row's */
  size_t size;      /* bytes at `data` */
} StegTracePlane;

/* A frame that the program has decoded itself: I420, or GRAY8 where `cb` and `cr` are NULL. */
typedef struct StegTraceFrame { /* NOLINT(modernize-use-using) */
  int width;                    /* pixels; Cb and Cr have half of them, rounded up, across and down */
  int height;
  StegTracePlane y, cb, cr;
  int64_t time;     /* ns from the start of the copy; not before that of the frame pushed before */
  int64_t duration; /* ns; 0 if it is not known */
  int key;          /* 1: was coded without reference to other frames, as far as is known */
} StegTraceFrame;

/* Takes the next frame of a copy, and copies what it needs: see steg_trace::Tracer::push(). Returns 1, or 0 if it
 * cannot be: see steg_trace_error(). */
int steg_trace_push(StegTrace* trace, const StegTraceFrame* frame);
/* The copy has ended: what was found in the frames, as steg_trace_read() returns it, with an empty name of the file.
 * The next frame begins another copy. NULL for an error, such as that no frame was pushed. */
char* steg_trace_finish(StegTrace* trace);

/* NULL is allowed. */
void steg_trace_free_text(char* text);

/* What the last call that failed had to say: a sentence in UTF-8, empty if none has. Valid until the next call. */
const char* steg_trace_error(const StegTrace* trace);

#ifdef __cplusplus
}
#endif
