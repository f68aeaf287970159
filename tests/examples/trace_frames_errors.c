/* What steg_trace_push() and steg_trace_finish() refuse. Status 0 if all is as steg-trace.h says.
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <steg-trace.h>
#include <string.h>

enum { kWidth = 320, kHeight = 180 };
static uint8_t samples[kWidth * kHeight];
static int failed = 0;

static void expect(int holds, const char* what, const StegTrace* trace) {
  if (holds) return;
  fprintf(stderr, "FAILED: %s; the error is: %s\n", what, steg_trace_error(trace));
  failed = 1;
}

static int refuses(StegTrace* trace, const StegTraceFrame* frame, const char* why) {
  return !steg_trace_push(trace, frame) && strstr(steg_trace_error(trace), why);
}

int main(void) {
  StegTraceFrame frame = {0};
  frame.width = kWidth;
  frame.height = kHeight;
  frame.y.data = samples;
  frame.y.stride = kWidth;
  frame.y.size = sizeof samples;
  frame.duration = 40000000;
  StegTrace* trace = steg_trace_new();
  expect(steg_trace_set(trace, "search", "0"), "search is an option", trace);
  expect(!steg_trace_finish(trace) && strstr(steg_trace_error(trace), "No frame was pushed"), "nothing has no end",
         trace);
  expect(refuses(trace, NULL, "Give a frame"), "NULL is no frame", trace);
  StegTraceFrame bad = frame;
  bad.y.data = NULL;
  expect(refuses(trace, &bad, "plane y is null"), "a plane is there", trace);
  bad = frame;
  bad.y.size -= 1;
  expect(refuses(trace, &bad, "plane y has 57599 bytes; its rows take 57600"), "a plane is whole", trace);
  bad = frame;
  bad.cb = bad.y;
  expect(refuses(trace, &bad, "plane cr is null"), "colours have two planes", trace);

  frame.time = 1000000000;
  expect(steg_trace_push(trace, &frame), "grey is enough", trace);
  frame.time -= 1;
  expect(refuses(trace, &frame, "in the order of their times"), "times do not run backwards", trace);
  frame.time += 40000001;
  expect(steg_trace_push(trace, &frame), "after an error it goes on", trace);
  char* json = steg_trace_finish(trace);
  expect(json && strstr(json, "\"segments\" : []"), "grey has no mark", trace);
  steg_trace_free_text(json);
  expect(!steg_trace_finish(trace), "a copy ends once", trace);

  frame.time = 0;
  expect(steg_trace_push(trace, &frame), "the next copy begins anew", trace);
  json = steg_trace_finish(trace);
  expect(json && strstr(json, "\"duration\" : 0.04"), "and is this one alone", trace);
  steg_trace_free_text(json);
  steg_trace_free(trace);
  return failed;
}
