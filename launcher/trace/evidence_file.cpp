// SPDX-License-Identifier: LGPL-2.1-or-later
#include "evidence_file.hpp"

#include <gio/gio.h>

#include <memory>
#include <vector>

#include "plugins/common/gst_ptr.hpp"

namespace trace {
namespace {

struct Release {
  void operator()(GChecksum* checksum) const { g_checksum_free(checksum); }
  void operator()(GDateTime* time) const { g_date_time_unref(time); }
  template <class Object>
  void operator()(Object* object) const {
    g_object_unref(object);
  }
};
template <class T>
using Owned = std::unique_ptr<T, Release>;

constexpr gsize kChunk = gsize{1} << 20;

std::string modified_at(GFile* file) {
  const Owned<GFileInfo> info(
      g_file_query_info(file, G_FILE_ATTRIBUTE_TIME_MODIFIED, G_FILE_QUERY_INFO_NONE, nullptr, nullptr));
  if (!info) return {};
  const Owned<GDateTime> time(g_file_info_get_modification_date_time(info.get()));
  if (!time) return {};
  const gststeg::Ptr<gchar> text(g_date_time_format(time.get(), "%Y-%m-%dT%H:%M:%SZ"));
  return text.get();
}

}  // namespace

EvidenceFile evidence_file(const std::string& path) {
  EvidenceFile result;
  // Paths and file: URIs alike; others have no bytes of their own to vouch for.
  const Owned<GFile> file(g_file_new_for_commandline_arg(path.c_str()));
  if (!g_file_is_native(file.get())) return result;
  const Owned<GFileInputStream> stream(g_file_read(file.get(), nullptr, nullptr));
  if (!stream) return result;
  const Owned<GChecksum> checksum(g_checksum_new(G_CHECKSUM_SHA256));
  std::vector<guchar> chunk(kChunk);
  gssize read = 0;
  while ((read = g_input_stream_read(G_INPUT_STREAM(stream.get()), chunk.data(), chunk.size(), nullptr, nullptr)) > 0) {
    g_checksum_update(checksum.get(), chunk.data(), read);
    result.bytes += static_cast<std::uint64_t>(read);
  }
  if (read == 0) result.sha256 = g_checksum_get_string(checksum.get());
  result.modified = modified_at(file.get());
  return result;
}

}  // namespace trace
