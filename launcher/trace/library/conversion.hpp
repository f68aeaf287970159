// From what reading knows inside to what libsteg-trace hands out.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "launcher/trace/ab_trace.hpp"
#include "launcher/trace/tracer.hpp"
#include "steg-trace.hpp"

namespace steg_trace {

AbStream ab_stream_of(trace::AbTrace inside);
Findings findings_of(trace::FileTrace inside);

}  // namespace steg_trace
