// C++ exceptions must not cross GObject's virtual methods: each vmethod body that can throw runs in one of these.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <exception>
#include <utility>

namespace gststeg {

/// Runs body() and returns what it returns. An exception becomes an element error (STREAM, FAILED) with its text,
/// and `on_error` is returned, so that the stream stops instead of going on without what was asked for.
template <class Result, class Body>
Result guarded(GstElement* element, Result on_error, Body&& body) noexcept {
  try {
    return std::forward<Body>(body)();
  } catch (const std::exception& error) {
    GST_ELEMENT_ERROR(element, STREAM, FAILED, ("%s", error.what()), (nullptr));
  } catch (...) {
    GST_ELEMENT_ERROR(element, STREAM, FAILED, ("An unknown error occurred."), (nullptr));
  }
  return on_error;
}

}  // namespace gststeg
