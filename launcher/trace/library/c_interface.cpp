// SPDX-License-Identifier: LGPL-2.1-or-later
#include <glib.h>

#include <cstring>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include "plugins/common/gst_ptr.hpp"
#include "steg-trace.h"
#include "steg-trace.hpp"

using steg_trace::Error;
using steg_trace::Options;

struct StegTrace {
  steg_trace::Tracer& ready() { return tracer ? *tracer : tracer.emplace(options); }

  Options options;
  std::optional<steg_trace::Tracer> tracer;
  std::string error;
  std::string sandbox;
};

namespace {

/// Locales have other decimal points.
double number(const char* text) {
  gchar* end = nullptr;
  const double value = g_ascii_strtod(text, &end);
  if (end == text || *end != '\0') throw Error(std::string("'") + text + "' is no number");
  return value;
}

std::int64_t integer(const char* text) {
  gint64 value = 0;
  if (!g_ascii_string_to_signed(text, 10, G_MININT64, G_MAXINT64, &value, nullptr))
    throw Error(std::string("'") + text + "' is no whole number");
  return value;
}

int small_integer(const char* text) {
  const std::int64_t value = integer(text);
  if (value < -1 || value > 1'000'000) throw Error(std::string(text) + " is out of range");
  return static_cast<int>(value);
}

bool truth(const char* text) {
  if (std::strcmp(text, "0") != 0 && std::strcmp(text, "1") != 0) throw Error("it is 0 or 1");
  return *text == '1';
}

using Set = std::function<void(Options&, const char*)>;

const std::map<std::string, Set>& setters() {
  static const std::map<std::string, Set> all{
      {"key-file", [](Options& options, const char* value) { options.key_file = value; }},
      {"key", [](Options& options, const char* value) { options.key = value; }},
      {"model", [](Options& options, const char* value) { options.model = value; }},
      {"max-p-value", [](Options& options, const char* value) { options.max_p_value = number(value); }},
      {"rate", [](Options& options, const char* value) { options.rate = number(value); }},
      {"epoch-period", [](Options& options, const char* value) { options.epoch_period = number(value); }},
      {"max-pixels", [](Options& options, const char* value) { options.max_pixels = integer(value); }},
      {"threads", [](Options& options, const char* value) { options.threads = small_integer(value); }},
      {"search", [](Options& options, const char* value) { options.search = truth(value); }},
      {"thorough", [](Options& options, const char* value) { options.thorough = truth(value); }},
      {"issued-id", [](Options& options, const char* value) { options.issued_ids.emplace_back(value); }},
  };
  return all;
}

void set(StegTrace& trace, const char* option, const char* value) {
  if (!option || !value) throw Error("An option has a name and a value.");
  const auto found = setters().find(option);
  if (found == setters().end())
    throw Error(std::string("There is no option '") + option + "'; steg-trace.h has the names.");
  if (trace.tracer) throw Error(std::string(option) + " can only be set before a file is read.");
  Options changed = trace.options;
  try {
    found->second(changed, value);
  } catch (const Error& error) {
    throw Error(std::string(option) + ": " + error.what() + ".");
  }
  steg_trace::check(changed);
  trace.options = std::move(changed);
}

char* read(StegTrace& trace, const char* file) {
  if (!file) throw Error("Give a file to read.");
  const steg_trace::Findings findings = trace.ready().read(file);
  if (!findings.error.empty()) throw Error(findings.file + ": " + findings.error);
  return g_strdup(trace.tracer->json(findings).c_str());
}

steg_trace::Plane plane_of(const StegTracePlane& plane) { return {plane.data, plane.stride, plane.size}; }

void push(StegTrace& trace, const StegTraceFrame* frame) {
  if (!frame) throw Error("Give a frame.");
  trace.ready().push({frame->width, frame->height, plane_of(frame->y), plane_of(frame->cb), plane_of(frame->cr),
                      frame->time, frame->duration, frame->key != 0});
}

char* finish(StegTrace& trace) {
  const steg_trace::Findings findings = trace.ready().finish();
  if (!findings.error.empty()) throw Error(findings.error);
  return g_strdup(trace.tracer->json(findings).c_str());
}

/// What `work` returns; `failed` if it throws, which C cannot catch.
template <class Result, class Work>
Result guarded(StegTrace* trace, Result failed, const Work& work) {
  try {
    trace->error.clear();
    return work(*trace);
  } catch (const std::exception& error) {
    try {
      trace->error = gststeg::Ptr<gchar>(g_utf8_make_valid(error.what(), -1)).get();
    } catch (const std::bad_alloc&) {
      trace->error.clear();
    }
    return failed;
  }
}

}  // namespace

extern "C" {

STEG_TRACE_API StegTrace* steg_trace_new(void) {
  try {
    return std::make_unique<StegTrace>().release();
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

STEG_TRACE_API void steg_trace_free(StegTrace* trace) { const std::unique_ptr<StegTrace> owned(trace); }

STEG_TRACE_API int steg_trace_set(StegTrace* trace, const char* option, const char* value) {
  return guarded(trace, 0, [&](StegTrace& self) {
    set(self, option, value);
    return 1;
  });
}

STEG_TRACE_API const char* steg_trace_confine(StegTrace* trace, const char* file) {
  return guarded(trace, static_cast<const char*>(nullptr), [&](StegTrace& self) {
    self.sandbox = self.ready().confine(file ? std::vector<std::string>{file} : std::vector<std::string>());
    return self.sandbox.c_str();
  });
}

STEG_TRACE_API char* steg_trace_read(StegTrace* trace, const char* file) {
  return guarded(trace, static_cast<char*>(nullptr), [&](StegTrace& self) { return read(self, file); });
}

STEG_TRACE_API int steg_trace_push(StegTrace* trace, const StegTraceFrame* frame) {
  return guarded(trace, 0, [&](StegTrace& self) {
    push(self, frame);
    return 1;
  });
}

STEG_TRACE_API char* steg_trace_finish(StegTrace* trace) { return guarded(trace, static_cast<char*>(nullptr), finish); }

STEG_TRACE_API void steg_trace_free_text(char* text) { g_free(text); }

STEG_TRACE_API const char* steg_trace_error(const StegTrace* trace) { return trace->error.c_str(); }

}  // extern "C"
