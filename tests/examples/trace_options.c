/* The C interface of libsteg-trace: trace-options MARKED KEY-DIGITS OTHER-DIGITS. Status 0 if all is as steg-trace.h
 * says. SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <steg-trace.h>
#include <string.h>

static int failed = 0;

static void expect(int holds, const char* what, const StegTrace* trace) {
  if (holds) return;
  fprintf(stderr, "FAILED: %s; the error is: %s\n", what, trace ? steg_trace_error(trace) : "not asked");
  failed = 1;
}

static int refuses(StegTrace* trace, const char* option, const char* value, const char* why) {
  return !steg_trace_set(trace, option, value) && strstr(steg_trace_error(trace), why);
}

static char* read_with(const char* key, const char* file) {
  StegTrace* trace = steg_trace_new();
  expect(steg_trace_set(trace, "key", key), "key is an option", trace);
  expect(steg_trace_set(trace, "search", "0"), "search is an option", trace);
  expect(steg_trace_set(trace, "threads", "1"), "threads is an option", trace);
  expect(steg_trace_set(trace, "rate", "2.5"), "rate is an option", trace);
  char* json = steg_trace_read(trace, file);
  expect(json && !*steg_trace_error(trace), "the file is read", trace);
  expect(refuses(trace, "rate", "5", "before a file is read"), "options are set before", trace);
  steg_trace_free(trace);
  return json;
}

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  StegTrace* trace = steg_trace_new();
  expect(!*steg_trace_error(trace), "nothing is wrong at first", trace);
  expect(refuses(trace, "rates", "1", "no option 'rates'"), "unknown options are refused", trace);
  expect(refuses(trace, "rate", "many", "rate: 'many' is no number"), "words are no numbers", trace);
  expect(refuses(trace, "rate", "0", "rate must be more than 0"), "ranges are checked", trace);
  expect(refuses(trace, "threads", "2.5", "threads: "), "whole numbers are checked", trace);
  expect(refuses(trace, "search", "no", "search: it is 0 or 1"), "switches are checked", trace);
  expect(refuses(trace, NULL, NULL, "a name and a value"), "NULL is no option", trace);
  expect(!steg_trace_read(trace, NULL) && *steg_trace_error(trace), "NULL is no file", trace);
  expect(steg_trace_set(trace, "key", "no key"), "a key is looked at when it is used", trace);
  expect(!steg_trace_read(trace, argv[1]) && strstr(steg_trace_error(trace), "hexadecimal"), "a bad key is refused",
         trace);
  steg_trace_free(trace);

  char* json = read_with(argv[2], argv[1]);
  expect(json && strstr(json, "\"CARL7\""), "the ID is found", NULL);
  steg_trace_free_text(json);
  json = read_with(argv[3], argv[1]);
  expect(json && strstr(json, "\"segments\" : []"), "under another key there is none", NULL);
  steg_trace_free_text(json);
  steg_trace_free_text(NULL);
  steg_trace_free(NULL);
  return failed;
}
