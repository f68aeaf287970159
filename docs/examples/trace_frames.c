/* Finds the ID in frames that another program decodes, from C: reads raw I420 from its input and prints what
 * docs/steg-trace.md describes, as JSON.
 *
 *   ffmpeg -loglevel error -i leak.mp4 -f rawvideo -pix_fmt yuv420p - | trace_frames WIDTH HEIGHT RATE [KEY-FILE]
 *
 * RATE: frames a second.
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <steg-trace.h>

/* Where Y, Cb and Cr lie, one after the other and without gaps, if there are `width` x `height` pixels. */
static StegTraceFrame frame_of(const uint8_t* bytes, int width, int height) {
  const size_t luma = (size_t)width * (size_t)height;
  const size_t chroma = (size_t)((width + 1) / 2) * (size_t)((height + 1) / 2);
  StegTraceFrame frame = {0};
  frame.width = width;
  frame.height = height;
  frame.y.data = bytes;
  frame.y.stride = width;
  frame.y.size = luma;
  frame.cb.data = bytes + luma;
  frame.cr.data = bytes + luma + chroma;
  frame.cb.stride = frame.cr.stride = (width + 1) / 2;
  frame.cb.size = frame.cr.size = chroma;
  return frame;
}

static char* read_frames(StegTrace* trace, int width, int height, double rate) {
  const size_t size = (size_t)width * (size_t)height + 2 * (size_t)((width + 1) / 2) * (size_t)((height + 1) / 2);
  uint8_t* bytes = calloc(1, size);
  if (!bytes) return NULL;
  StegTraceFrame frame = frame_of(bytes, width, height);
  int pushed = 1;
  for (int number = 0; pushed && fread(bytes, 1, size, stdin) == size; ++number) {
    frame.time = (int64_t)(number * 1e9 / rate);
    frame.duration = (int64_t)(1e9 / rate);
    pushed = steg_trace_push(trace, &frame);
  }
  free(bytes);
  return pushed ? steg_trace_finish(trace) : NULL;
}

int main(int argc, char** argv) {
  const int width = argc > 3 ? atoi(argv[1]) : 0;
  const int height = argc > 3 ? atoi(argv[2]) : 0;
  const double rate = argc > 3 ? atof(argv[3]) : 0;
  if (width < 1 || width > 16384 || height < 1 || height > 16384 || !(rate > 0)) {
    fprintf(stderr, "usage: %s WIDTH HEIGHT RATE [KEY-FILE] < I420\n", argv[0]);
    return 2;
  }
  StegTrace* trace = steg_trace_new();
  if (!trace) return 2;
  char* json = NULL;
  if ((argc < 5 || steg_trace_set(trace, "key-file", argv[4])) && steg_trace_confine(trace, NULL))
    json = read_frames(trace, width, height, rate);
  if (json)
    fputs(json, stdout);
  else
    fprintf(stderr, "%s: %s\n", argv[0], steg_trace_error(trace));
  const int status = json ? 0 : 2;
  steg_trace_free_text(json);
  steg_trace_free(trace);
  return status;
}
