// WMPaceInfo of ETSI TS 104 002, clause 5.5: which position of a viewer's pattern a segment has.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>

namespace launcher {

/// The folder of the sidecar files, clause 5.7.5.2.
inline constexpr const char* kPaceInfoFolder = "WMPaceInfo";
/// A position has 15 bits there.
inline constexpr std::uint32_t kMostPacePosition = 32767;

/// Of one segment: a sidecar file (`sidecar-discrete` of clause 5.5.3.2) in deterministic CBOR. Throws
/// std::out_of_range with a sentence for a position beyond kMostPacePosition; so do the others.
std::string pace_sidecar(std::uint32_t position);

/// The value of the header WMPaceInfoEgress, clause 5.5.3.3: the same in base64url.
std::string pace_egress(std::uint32_t position);

/// The value of the header WMPaceInfoIngest, clause 5.5.3.3: JSON, of a request that carries a whole segment of a
/// variant, counted from 0.
std::string pace_ingest(int variant, std::uint32_t position);

}  // namespace launcher
