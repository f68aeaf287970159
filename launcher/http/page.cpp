// The web page: files that were compiled into the program.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gio/gio.h>

#include <array>

#include "launcher/base/bytes.hpp"
#include "plugins/common/gst_ptr.hpp"
#include "services.hpp"

namespace launcher {
namespace {

/// launcher/web puts index.html and what it loads under this prefix.
constexpr const char* kPrefix = "/gst-steg/web";

struct FileType {
  const char* suffix;
  const char* type;
};
constexpr std::array<FileType, 11> kTypes{{{".html", "text/html; charset=utf-8"},
                                           {".js", "text/javascript; charset=utf-8"},
                                           {".css", "text/css; charset=utf-8"},
                                           {".svg", "image/svg+xml"},
                                           {".png", "image/png"},
                                           {".ico", "image/x-icon"},
                                           {".json", "application/json"},
                                           {".webmanifest", "application/manifest+json"},
                                           {".woff2", "font/woff2"},
                                           {".map", "application/json"},
                                           {".txt", "text/plain; charset=utf-8"}}};

const char* type_of(const std::string& path) {
  for (const FileType& type : kTypes) {
    if (g_str_has_suffix(path.c_str(), type.suffix)) return type.type;
  }
  return "application/octet-stream";
}

/// "http://host:8080" of an address with a path.
std::string origin_of(const std::string& address) {
  const std::size_t scheme = address.find("://");
  return scheme == std::string::npos ? "" : address.substr(0, address.find('/', scheme + 3));
}

/// What the page may load: itself, the streams of this server, and playlists of the server that makes HLS.
std::string content_security_policy(const Streams& streams) {
  std::string hls;
  for (const auto& stream : streams.all()) {
    for (const auto& entry : stream->config().playback.hls) {
      const std::string origin = origin_of(entry.second);
      if (!origin.empty() && hls.find(origin) == std::string::npos) hls += " " + origin;
    }
  }
  return "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:" + hls + "; connect-src 'self'" + hls +
         "; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
}

Reply serve(const Request& request, const Streams& streams) {
  const std::string path = request.path == "/" ? "/index.html" : request.path;
  const Bytes bytes(g_resources_lookup_data((kPrefix + path).c_str(), G_RESOURCE_LOOKUP_FLAGS_NONE, nullptr));
  if (!bytes) {
    return problem(SOUP_STATUS_NOT_FOUND, request.path == "/" ? "This steg-launch was built without the web page."
                                                              : "There is no " + request.path + "; see /openapi.json.");
  }
  const gststeg::Ptr<gchar> digest(g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes.get()));
  const std::string etag = "\"" + std::string(digest.get(), 32) + "\"";
  Reply reply;
  reply.headers = {{"ETag", etag},
                   {"Cache-Control", "no-cache"},
                   {"Content-Security-Policy", content_security_policy(streams)},
                   {"Referrer-Policy", "no-referrer"}};
  reply.type = type_of(path);
  if (request.header("If-None-Match").value_or("") == etag) {
    reply.status = SOUP_STATUS_NOT_MODIFIED;
    return reply;
  }
  gsize size = 0;
  const auto* data = static_cast<const char*>(g_bytes_get_data(bytes.get(), &size));
  reply.body.assign(data, size);
  return reply;
}

}  // namespace

void set_page(HttpServer& server, const Streams& streams) {
  server.set_page([&](Request& request) { return serve(request, streams); });
}

}  // namespace launcher
