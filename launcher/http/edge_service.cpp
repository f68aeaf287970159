// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edge_service.hpp"

#include "launcher/base/config_error.hpp"
#include "launcher/base/log.hpp"
#include "plugins/common/crypto/key.hpp"

namespace launcher {
namespace {

OfficeSettings office_settings(const EdgeSettings& settings) {
  OfficeSettings office;
  office.variants = static_cast<int>(settings.variants);
  office.bias = settings.uniform ? steg::Bias::uniform : steg::Bias::arcsine;
  office.first_position = static_cast<std::uint32_t>(settings.first_position);
  office.log.database = settings.database;
  office.log.stream = settings.stream;
  const std::string& file = settings.token_key_file;
  if (!file.empty()) office.token_key = tokens::Es256Key::from_file(file);
  if (office.token_key && office.token_key->can_sign() && steg::is_readable_by_others(file))
    log_line("warning: every user of this machine can read " + file + ": run 'chmod o= " + file + "'");
  return office;
}

TokenOffice open_office(const EdgeSettings& settings) {
  audit::Listener listener;
  listener.problem = [](const std::string& text) { log_line("tokens: " + text); };
  listener.recovered = listener.problem;
  try {
    return TokenOffice(office_settings(settings), steg::Key::from_file(settings.key_file), listener);
  } catch (const std::runtime_error& error) {
    throw ConfigError(std::string("[edge]: ") + error.what());
  }
}

std::optional<SegmentFormat> format_of(const std::string& path) {
  std::optional<SegmentFormat> format = read_segment_format(path);
  if (!format) log_line("edge: no H.264, H.265 or AAC in " + path + ", so that master.m3u8 has no CODECS");
  return format;
}

}  // namespace

EdgeService::EdgeService(const EdgeSettings& settings)
    : office_(open_office(settings)),
      edge_({settings.media, settings.playlist, static_cast<std::uint32_t>(settings.first_position)}, office_,
            format_of) {}

}  // namespace launcher
