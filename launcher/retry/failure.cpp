// SPDX-License-Identifier: LGPL-2.1-or-later
#include "failure.hpp"

#include "plugins/common/gst_ptr.hpp"

namespace launcher {
namespace {

using gststeg::Ptr;

bool speaks_file(GstElement* element) {
  if (!GST_IS_URI_HANDLER(element)) {
    // Such as multifilesink. Network elements without a URI have a host and a port instead.
    return g_object_class_find_property(G_OBJECT_GET_CLASS(element), "location") != nullptr;
  }
  const gchar* const* protocols = gst_uri_handler_get_protocols(GST_URI_HANDLER(element));
  return protocols && g_strv_contains(protocols, "file");
}

bool is_end(GstElement* element) {
  return GST_OBJECT_FLAG_IS_SET(element, GST_ELEMENT_FLAG_SOURCE) ||
         GST_OBJECT_FLAG_IS_SET(element, GST_ELEMENT_FLAG_SINK);
}

Place place_of(GstObject* source) {
  if (!GST_IS_ELEMENT(source) || !is_end(GST_ELEMENT(source))) return Place::filter;
  return speaks_file(GST_ELEMENT(source)) ? Place::local_end : Place::network_end;
}

ErrorDomain domain_of(const GError* error) {
  if (error->domain == GST_CORE_ERROR) return ErrorDomain::core;
  if (error->domain == GST_LIBRARY_ERROR) return ErrorDomain::library;
  if (error->domain == GST_RESOURCE_ERROR) return ErrorDomain::resource;
  return ErrorDomain::stream;
}

/// The part of GStreamer's debug text that adds something: the last line, without "file.c(123): function ():".
std::string detail_of(const gchar* debug) {
  if (!debug) return "";
  const std::string text = debug;
  const std::size_t line = text.rfind('\n');
  const std::string last = line == std::string::npos ? "" : text.substr(line + 1);
  return last.empty() ? "" : " (" + last + ")";
}

struct Parsed {
  Ptr<GError> error;
  Ptr<gchar> debug;
};

Parsed parse(GstMessage* message) {
  GError* error = nullptr;
  gchar* debug = nullptr;
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_WARNING) {
    gst_message_parse_warning(message, &error, &debug);
  } else {
    gst_message_parse_error(message, &error, &debug);
  }
  return {Ptr<GError>(error), Ptr<gchar>(debug)};
}

std::string text_of(GstMessage* message, const Parsed& parsed) {
  std::string text = GST_MESSAGE_SRC_NAME(message) ? GST_MESSAGE_SRC_NAME(message) : "pipeline";
  if (GST_IS_ELEMENT(GST_MESSAGE_SRC(message))) {
    GstElementFactory* factory = gst_element_get_factory(GST_ELEMENT(GST_MESSAGE_SRC(message)));
    if (factory) text += std::string(" (") + GST_OBJECT_NAME(factory) + ")";
  }
  return text + ": " + parsed.error->message + detail_of(parsed.debug.get());
}

}  // namespace

bool is_local_end(GstElement* element) { return is_end(element) && speaks_file(element); }

Failure failure_of(GstMessage* message) {
  const Parsed parsed = parse(message);
  Failure failure;
  failure.place = place_of(GST_MESSAGE_SRC(message));
  failure.domain = domain_of(parsed.error.get());
  const GError* error = parsed.error.get();
  failure.needs_people = g_error_matches(error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN) ||
                         g_error_matches(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS) ||
                         g_error_matches(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND);
  failure.text = text_of(message, parsed);
  return failure;
}

bool is_delayed_link(GstMessage* message) {
  return g_error_matches(parse(message).error.get(), GST_PARSE_ERROR, GST_PARSE_ERROR_DELAYED_LINK);
}

std::string describe(GstMessage* message) { return text_of(message, parse(message)); }

}  // namespace launcher
