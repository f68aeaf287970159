// SPDX-License-Identifier: LGPL-2.1-or-later
#include "distance.hpp"

#include <stdexcept>

#include "block_sad.hpp"
#include "slow_distances.hpp"

namespace framediff {
namespace {

struct Facts {
  double default_threshold;
  double largest;
  std::unique_ptr<Distance> (*make)();
};

Facts facts_of(Method method) {
  switch (method) {
    case Method::block_sad:
      return {8.0, 255.0, []() -> std::unique_ptr<Distance> { return std::make_unique<BlockSad>(); }};
    case Method::ssim:
      return {0.85, 2.0, make_block_ssim};
    case Method::dhash:
      return {2.0, 64.0, make_hash_distance};
  }
  throw std::invalid_argument("unknown method");
}

}  // namespace

double default_threshold(Method method) { return facts_of(method).default_threshold; }

double largest_distance(Method method) { return facts_of(method).largest; }

std::unique_ptr<Distance> make_distance(Method method) { return facts_of(method).make(); }

}  // namespace framediff
