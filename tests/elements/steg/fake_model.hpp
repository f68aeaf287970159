// An encoder and an extractor of plain arithmetic in place of the networks: what they are asked, and how often.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <atomic>
#include <string>

namespace fake {

inline constexpr char kEncoder[] = "fake encoder";
inline constexpr char kExtractor[] = "fake extractor";
/// An encoder whose residual holds a value that is not finite from the second frame on.
inline constexpr char kFailingEncoder[] = "fake encoder that fails";
/// The same of version 2, which mark Y, Cb and Cr alike, and darker places less.
inline constexpr char kPlanesEncoder[] = "fake encoder of three planes";
inline constexpr char kPlanesExtractor[] = "fake extractor of three planes";
/// The same for the day format.
inline constexpr char kDayEncoder[] = "fake encoder of the day";
inline constexpr char kDayExtractor[] = "fake extractor of the day";
inline constexpr float kAmplitude = 4.0F;

extern std::atomic<int> prepared;   ///< calls of Encoder::prepare
extern std::atomic<int> looks;      ///< calls of Encoder::look
extern std::atomic<int> residuals;  ///< calls of Encoder::residual
/// True once two threads were in prepare(), or two in look() or residual() of one encoder, at a time.
extern std::atomic<bool> overlapped;

}  // namespace fake
