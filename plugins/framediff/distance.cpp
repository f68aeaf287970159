// SPDX-License-Identifier: LGPL-2.1-or-later
#include "distance.hpp"

#include <stdexcept>

#include "block_sad.hpp"
#include "block_ssim.hpp"
#include "difference_hash.hpp"

namespace framediff {

double default_threshold(Method method) {
  switch (method) {
    case Method::block_sad:
      return 8.0;
    case Method::ssim:
      return 0.85;
    case Method::dhash:
      return 2.0;
  }
  throw std::invalid_argument("unknown method");
}

double largest_distance(Method method) {
  switch (method) {
    case Method::block_sad:
      return 255.0;
    case Method::ssim:
      return 2.0;
    case Method::dhash:
      return 64.0;
  }
  throw std::invalid_argument("unknown method");
}

std::unique_ptr<Distance> make_distance(Method method) {
  switch (method) {
    case Method::block_sad:
      return std::make_unique<BlockSad>();
    case Method::ssim:
      return std::make_unique<BlockSsim>();
    case Method::dhash:
      return std::make_unique<HashDistance>();
  }
  throw std::invalid_argument("unknown method");
}

}  // namespace framediff
