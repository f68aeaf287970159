// Where a network is computed.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

namespace steg {

enum class Device {
  automatic,  ///< the first CUDA device if LibTorch can use one, else the CPU
  cpu,
  cuda,  ///< the first CUDA device, or nothing: loading fails without one
};

}  // namespace steg
