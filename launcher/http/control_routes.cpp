// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

#include "launcher/config/property_name.hpp"
#include "plugins/steg/watermark/payload.hpp"
#include "services.hpp"

namespace launcher {
namespace {

Reply set_id(const Request& request, Supervisor& stream) {
  if (!stream.config().control.id) {
    return problem(SOUP_STATUS_NOT_FOUND,
                   "The pipeline file names no ID to set: add id=element.property to its [control] group.");
  }
  const std::string recipient = recipient_of(request, stream);
  try {
    const std::string id = read_string_member(request.body, "id");
    steg::check_new_id(id);
    stream.set_id(recipient, id, request.client);
    return success(JsonText().boolean("ok", true).text("id", id));
  } catch (const std::runtime_error& error) {
    return problem(SOUP_STATUS_BAD_REQUEST, error.what());
  }
}

Reply set_property_of(const Request& request, Supervisor& stream) {
  const PropertyName name{request.captures[0], request.captures[1]};
  const auto& allowed = stream.config().control.properties;
  if (std::find(allowed.begin(), allowed.end(), name) == allowed.end()) {
    return problem(SOUP_STATUS_NOT_FOUND, "The pipeline file does not list " + name.element + "." + name.property +
                                              " under properties in its [control] group.");
  }
  try {
    const std::string value = read_string_member(request.body, "value");
    stream.set(name, value);
    return success(JsonText().boolean("ok", true).text("value", value));
  } catch (const std::runtime_error& error) {
    return problem(SOUP_STATUS_BAD_REQUEST, error.what());
  }
}

Reply state_of(const Supervisor& stream) {
  return success(JsonText().boolean("ok", true).text("state", to_string(stream.status().state)));
}

Reply pull(Supervisor& stream) {
  if (!stream.start()) {
    return problem(SOUP_STATUS_CONFLICT, "The stream is still stopping: try again in a moment.");
  }
  return state_of(stream);
}

Reply stop(Supervisor& stream) {
  stream.stop();
  return state_of(stream);
}

}  // namespace

Supervisor& stream_of(const Request& request, const Streams& streams) {
  const std::string wanted = request.parameter("stream");
  if (wanted.empty() && streams.all().size() == 1) return *streams.all().front();
  std::string names;
  for (const auto& stream : streams.all()) {
    if (stream->name() == wanted) return *stream;
    names += (names.empty() ? "" : ", ") + stream->name();
  }
  if (wanted.empty()) {
    throw Refusal(SOUP_STATUS_BAD_REQUEST,
                  "There are several streams: say which with ?stream=NAME. There are: " + names + ".");
  }
  throw Refusal(SOUP_STATUS_NOT_FOUND, "There is no stream '" + wanted + "'; there are: " + names + ".");
}

std::string recipient_of(const Request& request, const Supervisor& stream) {
  std::string wanted = request.parameter("recipient");
  const auto recipients = stream.config().copies();
  if (std::find(recipients.begin(), recipients.end(), wanted) != recipients.end()) return wanted;
  if (wanted.empty()) {
    throw Refusal(SOUP_STATUS_BAD_REQUEST, "There are several recipients: say which with ?recipient=NAME. There are: " +
                                               joined(recipients) + ".");
  }
  throw Refusal(SOUP_STATUS_NOT_FOUND,
                "There is no recipient '" + wanted + "'; there are: " + joined(stream.config().recipients) + ".");
}

void add_control_routes(HttpServer& server, Streams& streams) {
  const auto for_stream = [&](const char* method, const char* path, Reply (*call)(Supervisor&)) {
    server.add({{method, path}, [&streams, call](Request& request) { return call(stream_of(request, streams)); }});
  };
  server.add({{"POST", "/custom"}, [&](Request& request) { return set_id(request, stream_of(request, streams)); }});
  for_stream("GET", "/pull", pull);
  for_stream("GET", "/stop", stop);
  server.add({{"PUT", "/elements/{name}/{property}"},
              [&](Request& request) { return set_property_of(request, stream_of(request, streams)); }});
}

}  // namespace launcher
