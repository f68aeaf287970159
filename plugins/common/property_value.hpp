// Values of GObject properties, to and from the members of plain structures that keep them.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <string>
#include <type_traits>

namespace gststeg {

/// The value's string; empty for NULL.
inline std::string string_of(const GValue* value) {
  const gchar* text = g_value_get_string(value);
  return text ? text : "";
}

/// Sets the value to the text, NULL if it is empty.
inline void set_string(GValue* value, const std::string& text) {
  g_value_set_string(value, text.empty() ? nullptr : text.c_str());
}

/// Sets the member, whose type says which kind of property it is. Returns true.
template <class Member>
bool read_value(const GValue* value, Member& member) {
  if constexpr (std::is_same_v<Member, std::string>)
    member = string_of(value);
  else if constexpr (std::is_enum_v<Member>)
    member = static_cast<Member>(g_value_get_enum(value));
  else if constexpr (std::is_same_v<Member, bool>)
    member = g_value_get_boolean(value) != FALSE;
  else if constexpr (std::is_same_v<Member, gint>)
    member = g_value_get_int(value);
  else if constexpr (std::is_same_v<Member, guint>)
    member = g_value_get_uint(value);
  else if constexpr (std::is_same_v<Member, guint64>)
    member = g_value_get_uint64(value);
  else if constexpr (std::is_same_v<Member, gfloat>)
    member = g_value_get_float(value);
  else
    member = g_value_get_double(value);
  return true;
}

/// The other way round. Returns true.
template <class Member>
bool write_value(GValue* value, const Member& member) {
  if constexpr (std::is_same_v<Member, std::string>)
    set_string(value, member);
  else if constexpr (std::is_enum_v<Member>)
    g_value_set_enum(value, static_cast<gint>(member));
  else if constexpr (std::is_same_v<Member, bool>)
    g_value_set_boolean(value, member);
  else if constexpr (std::is_same_v<Member, gint>)
    g_value_set_int(value, member);
  else if constexpr (std::is_same_v<Member, guint>)
    g_value_set_uint(value, member);
  else if constexpr (std::is_same_v<Member, guint64>)
    g_value_set_uint64(value, member);
  else if constexpr (std::is_same_v<Member, gfloat>)
    g_value_set_float(value, member);
  else
    g_value_set_double(value, member);
  return true;
}

}  // namespace gststeg
