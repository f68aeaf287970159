// Owning pointers for GStreamer and GLib objects.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <memory>

namespace gststeg {

struct Unref {
  void operator()(GstCaps* caps) const { gst_caps_unref(caps); }
  void operator()(GstBuffer* buffer) const { gst_buffer_unref(buffer); }
  void operator()(GstEvent* event) const { gst_event_unref(event); }
  void operator()(GstMiniObject* object) const { gst_mini_object_unref(object); }
  void operator()(GstMessage* message) const { gst_message_unref(message); }
  void operator()(GstSample* sample) const { gst_sample_unref(sample); }
  void operator()(GstIterator* iterator) const { gst_iterator_free(iterator); }
  void operator()(GstStructure* structure) const { gst_structure_free(structure); }
  void operator()(GError* error) const { g_error_free(error); }
  void operator()(gchar* text) const { g_free(text); }
  template <class Object>
  void operator()(Object* object) const {
    gst_object_unref(object);
  }
};

/// Owns one reference (GstObject subclasses, mini objects) or the memory itself (GstStructure, GError, gchar).
template <class T>
using Ptr = std::unique_ptr<T, Unref>;

}  // namespace gststeg
