// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace steg {

/// How a mark came into a picture. The names stand in the meta of marked frames (gststegmeta.h).
enum class Action { encode, repeat, residual };
inline constexpr std::array<const char*, 3> kActionNames = {"encode", "repeat", "residual"};

constexpr const char* action_name(Action action) { return kActionNames[static_cast<std::size_t>(action)]; }

/// Nothing if no action has that name.
constexpr std::optional<Action> action_of(std::string_view name) {
  for (const Action action : {Action::encode, Action::repeat, Action::residual})
    if (name == action_name(action)) return action;
  return std::nullopt;
}

}  // namespace steg
