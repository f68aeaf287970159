/* Finds the ID in a leaked copy, from C: prints what docs/steg-trace.md describes, as JSON.
 *
 *   trace FILE [KEY-FILE [ID…]]
 *
 * The IDs are those that were given out: weaker marks of them are found.
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <steg-trace.h>

static int set_options(StegTrace* trace, int count, char** values) {
  if (count > 0 && !steg_trace_set(trace, "key-file", values[0])) return 0;
  for (int i = 1; i < count; ++i)
    if (!steg_trace_set(trace, "issued-id", values[i])) return 0;
  return 1;
}

int main(int argc, char** argv) {
  if (argc < 2) {
    fprintf(stderr, "usage: %s FILE [KEY-FILE [ID...]]\n", argv[0]);
    return 2;
  }
  StegTrace* trace = steg_trace_new();
  if (!trace) return 2;
  char* json = NULL;
  /* The file may be anybody's: this process gives up what reading it does not need. */
  if (set_options(trace, argc - 2, argv + 2) && steg_trace_confine(trace, argv[1]))
    json = steg_trace_read(trace, argv[1]);
  if (json)
    fputs(json, stdout);
  else
    fprintf(stderr, "%s: %s\n", argv[0], steg_trace_error(trace));
  const int status = json ? 0 : 2;
  steg_trace_free_text(json);
  steg_trace_free(trace);
  return status;
}
