// SPDX-License-Identifier: LGPL-2.1-or-later
#include "pace_info.hpp"

#include <stdexcept>

#include "launcher/tokens/base64url.hpp"
#include "launcher/tokens/cbor.hpp"

namespace launcher {
namespace {

namespace cbor = tokens::cbor;

constexpr std::uint64_t kVersion = 1;
/// Integer keys of clause 5.5.3.2.
constexpr std::uint64_t kVersionKey = 1;
constexpr std::uint64_t kSegmentsKey = 2;
constexpr std::uint64_t kPositionKey = 6;

std::uint32_t checked(std::uint32_t position) {
  if (position > kMostPacePosition)
    throw std::out_of_range("WMPaceInfo has positions up to " + std::to_string(kMostPacePosition) +
                            " only, and this segment has " + std::to_string(position) +
                            ": mark the film with a lower first-position.");
  return position;
}

}  // namespace

std::string pace_sidecar(std::uint32_t position) {
  return cbor::head(cbor::Kind::map, 2) + cbor::number(kVersionKey) + cbor::number(kVersion) +
         cbor::number(kSegmentsKey) + cbor::head(cbor::Kind::array, 1) + cbor::head(cbor::Kind::map, 1) +
         cbor::number(kPositionKey) + cbor::number(checked(position));
}

std::string pace_egress(std::uint32_t position) { return tokens::base64url(pace_sidecar(position)); }

std::string pace_ingest(int variant, std::uint32_t position) {
  return R"({"version":)" + std::to_string(kVersion) + R"(,"variant":)" + std::to_string(variant) + R"(,"position":)" +
         std::to_string(checked(position)) + R"(,"firstpart":true,"lastpart":true})";
}

}  // namespace launcher
